import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { LandmarkModel } from "@duchenne/face";
import { DATASETS } from "../datasets/registry.ts";
import { DataError } from "../datasets/types.ts";
import { storeFile } from "../store/environment.ts";
import { FrameStore } from "../store/frameStore.ts";
import type { Manifest, StoreCounts } from "../store/manifest.ts";
import type { StoreWriter } from "../store/storeWriter.ts";
import { loadExtractor } from "./features.ts";
import { planSources, type SourcePlan } from "./plan.ts";
import type { Processed } from "./processSource.ts";
import { type Progress, ProgressMeter } from "./progress.ts";
import { type PrepareOptions, type PrepareSettings, resolveSettings } from "./settings.ts";
import { InlineReader, type UnitReader } from "./unitReader.ts";
import { WorkerPool } from "./workerPool.ts";

/** Callbacks and the stop signal of `prepare`. */
export type PrepareHooks = {
  /** Called at intervals during the run, and at its end. */
  onProgress?: (progress: Progress) => void;
  /** Called for every file or label row that cannot be read: a one-line message, and the reason. */
  onProblem?: (message: string, reason: string) => void;
  /** Stops the run after the current transaction; stored sources stay. */
  signal?: AbortSignal;
};

/** Contents of the store, and the speed of this run. */
export type PrepareSummary = StoreCounts & {
  /** Label rows that could not be used, by reason. */
  badRows: Record<string, number>;
  /** Sampled frames of this run per second of wall clock, all workers together. */
  framesPerSecond: number;
  /** Milliseconds of this run by stage, summed over workers. */
  stageMilliseconds: Record<string, number>;
};

/** Stills read and committed together: a transaction for each would wait for the disk each time. */
const STILLS_PER_UNIT = 32;
const PROGRESS_INTERVAL_MS = 100;

/**
 * Reads a data set into a frame store. A run that was stopped or killed is continued by the next one; the content of the
 * store depends neither on interruptions nor on the number of workers.
 * @param source folder or file of a known layout   @param out the store's folder
 * @throws DataError if there is no such data set, or, with `strict`, at the first file or label that cannot be read
 * @throws StoreOptionsError if the store was made with other options; StoreError if it cannot be written
 */
export async function prepare(
  source: string,
  out: string,
  options: PrepareOptions = {},
  hooks: PrepareHooks = {},
): Promise<PrepareSummary> {
  const settings = await resolveSettings(source, options);
  const problems = new ProblemLog(hooks, options.strict ?? false);
  const plans = await plan(source, settings, problems);
  if (!existsSync(storeFile(out))) await tryModels(settings);
  const writer = FrameStore.create(out, settings.store);
  try {
    const run = new Run(writer, settings, problems, hooks);
    await run.readAll(plans, options.workers ?? availableParallelism());
    writer.finish(problems.badRows);
    return run.summary();
  } finally {
    await writer.close();
  }
}

/** A file that is no model must not become an option of a new store, which would then refuse the right one. */
async function tryModels({ landmarkModel, feature }: PrepareSettings): Promise<void> {
  await LandmarkModel.load(landmarkModel);
  await loadExtractor(feature);
}

/** @throws DataError if the source has nothing of this layout, for example if a drive is not mounted or --dataset is wrong */
async function plan(source: string, { store }: PrepareSettings, problems: ProblemLog): Promise<SourcePlan[]> {
  const root = resolve(source);
  const onProblem = (problem: DataError) => problems.badRow(problem);
  const dataset = DATASETS[store.dataset as keyof typeof DATASETS];
  const samples = dataset.read(root, { personLevel: store.personLevel, onProblem });
  const plans = await planSources(samples, root, onProblem);
  if (plans.length > 0 || Object.keys(problems.badRows).length > 0) return plans;
  const expected = `${store.dataset}: ${dataset.layout}`;
  throw new DataError({
    ...{ reason: "unreadable", file: root, expected, received: "nothing of that kind" },
    remedy: "Check the path, or choose another --dataset.",
  });
}

/** Counts and reports problems of the data; with `strict`, the first one stops the run. */
class ProblemLog {
  readonly badRows: Record<string, number> = {};
  readonly #hooks: PrepareHooks;
  readonly #strict: boolean;

  constructor(hooks: PrepareHooks, strict: boolean) {
    this.#hooks = hooks;
    this.#strict = strict;
  }

  badRow(problem: DataError): void {
    if (this.#strict) throw problem;
    this.badRows[problem.reason] = (this.badRows[problem.reason] ?? 0) + 1;
    this.#hooks.onProblem?.(problem.message, problem.reason);
  }

  /** @throws DataError with `strict` */
  source({ result: { id, problem } }: Processed): void {
    if (problem === undefined) return;
    if (this.#strict) {
      const expected = "a source that can be read whole (--strict)";
      throw new DataError({
        ...{ reason: "unreadable", file: id, expected, received: problem.message },
        remedy: "Repair or remove the file, or omit --strict.",
      });
    }
    this.#hooks.onProblem?.(problem.message, problem.reason);
  }
}

/** One run over the sources that the store does not have yet. */
class Run {
  readonly #writer: StoreWriter;
  readonly #settings: PrepareSettings;
  readonly #problems: ProblemLog;
  readonly #hooks: PrepareHooks;
  readonly #stages: Record<string, number> = {};
  #framesSampled = 0;
  #seconds = 0;

  constructor(writer: StoreWriter, settings: PrepareSettings, problems: ProblemLog, hooks: PrepareHooks) {
    this.#writer = writer;
    this.#settings = settings;
    this.#problems = problems;
    this.#hooks = hooks;
  }

  async readAll(plans: readonly SourcePlan[], workers: number): Promise<void> {
    const wanted = plans.filter(({ person }) => person === null || !this.#writer.isRemoved(person));
    const pending = wanted.filter(({ id }) => !this.#writer.has(id));
    const meter = new ProgressMeter(pending, wanted.length - pending.length);
    const units = unitsOf(pending);
    if (units.length === 0) return;
    const onFrames = (count: number) => meter.addFrames(count);
    const reader: UnitReader =
      workers === 0
        ? new InlineReader(this.#settings, onFrames)
        : new WorkerPool(Math.min(workers, units.length), this.#settings, onFrames);
    const timer = setInterval(() => this.#hooks.onProgress?.(meter.now()), PROGRESS_INTERVAL_MS);
    try {
      for await (const processed of reader.inOrder(units, this.#hooks.signal)) this.#store(processed, meter);
    } finally {
      clearInterval(timer);
      await reader.close();
      this.#seconds = meter.seconds;
    }
    this.#hooks.onProgress?.(meter.now());
  }

  summary(): PrepareSummary {
    const { counts, badRows }: Manifest = this.#writer.manifest;
    const framesPerSecond = this.#seconds === 0 ? 0 : this.#framesSampled / this.#seconds;
    return { ...counts, badRows, framesPerSecond, stageMilliseconds: this.#stages };
  }

  #store(processed: Processed[], meter: ProgressMeter): void {
    for (const one of processed) this.#problems.source(one);
    const start = performance.now();
    this.#writer.append(processed.map(({ result }) => result));
    this.#spend({ store: performance.now() - start });
    for (const { result, milliseconds } of processed) {
      this.#framesSampled += result.framesSampled;
      this.#spend(milliseconds);
      meter.sourceDone(result.id);
    }
  }

  #spend(milliseconds: Record<string, number>): void {
    for (const [stage, spent] of Object.entries(milliseconds))
      this.#stages[stage] = (this.#stages[stage] ?? 0) + spent;
  }
}

/** Each clip alone, stills by the dozen. */
function unitsOf(plans: readonly SourcePlan[]): SourcePlan[][] {
  const units: SourcePlan[][] = [];
  let stills: SourcePlan[] = [];
  for (const plan of plans) {
    const isStill = plan.source.kind === "still" || plan.source.kind === "pixels";
    if (!isStill || stills.length === STILLS_PER_UNIT) {
      if (stills.length > 0) units.push(stills);
      stills = [];
    }
    if (isStill) stills.push(plan);
    else units.push([plan]);
  }
  return stills.length > 0 ? [...units, stills] : units;
}
