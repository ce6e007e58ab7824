import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { LandmarkModel } from "@duchenne/face";
import { describeLeftOut, type LeftOut, LeftOutFiles } from "../datasets/leftOut.ts";
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
import { type PrepareOptions, type Settings, settle } from "./settings.ts";
import { InlineReader, type UnitReader } from "./unitReader.ts";
import { WorkerPool } from "./workerPool.ts";

export type PrepareHooks = {
  onProgress?: (progress: Progress) => void;
  /** Told of every file, label row or damage that was met: one line, and why. */
  onProblem?: (message: string, reason: string) => void;
  /** Ends the run after the current transaction; what was stored stays. */
  signal?: AbortSignal;
};

/** What the store holds now, and how fast this run was. */
export type PrepareSummary = StoreCounts & {
  /** Label rows that could not be used, by reason. */
  badRows: Record<string, number>;
  /** Files under the source that its layout does not read, by ending. */
  leftOut: Record<string, LeftOut>;
  /** Sampled frames of this run per second of wall clock, all workers together. */
  framesPerSecond: number;
  /** Milliseconds of this run by stage, summed over workers. */
  stageMilliseconds: Record<string, number>;
};

/** Stills read and committed together: a transaction for each would wait for the disk each time. */
const STILLS_PER_UNIT = 32;
const PROGRESS_INTERVAL_MS = 100;

/**
 * Reads a data set into a frame store. It may be stopped or killed at any moment and run again: it goes on where it
 * stopped, and the content is that of an undisturbed run, whatever the number of workers.
 * @param source folder or file of a known layout   @param out the store's folder
 * @throws DataError if there is no such data set, or with `strict` at the first thing that cannot be read
 * @throws StoreOptionsError if the store was made with other options; StoreError if it cannot be written
 */
export async function prepare(
  source: string,
  out: string,
  options: PrepareOptions = {},
  hooks: PrepareHooks = {},
): Promise<PrepareSummary> {
  const settings = await settle(source, options);
  const problems = new ProblemLog(hooks, options.strict ?? false);
  const leftOut = new LeftOutFiles();
  const plans = await plan(source, settings, problems, leftOut);
  if (!existsSync(storeFile(out))) await tryModels(settings);
  const writer = FrameStore.create(out, settings.store);
  try {
    const run = new Run(writer, settings, problems, hooks);
    await run.readAll(plans, options.workers ?? availableParallelism());
    writer.finish(problems.badRows);
    return { ...run.summary(), leftOut: leftOut.byEnding };
  } finally {
    await writer.close();
  }
}

/** A file that is no model must not become an option of a new store, which would then refuse the right one. */
async function tryModels({ landmarkModel, feature }: Settings): Promise<void> {
  await LandmarkModel.load(landmarkModel);
  await loadExtractor(feature);
}

/** @throws DataError if there is nothing of the layout, as where a drive is not there or `--dataset` is mistaken */
async function plan(
  source: string,
  { store }: Settings,
  problems: ProblemLog,
  leftOut: LeftOutFiles,
): Promise<SourcePlan[]> {
  const root = resolve(source);
  const onProblem = (problem: DataError) => problems.badRow(problem);
  const dataset = DATASETS[store.dataset as keyof typeof DATASETS];
  const onLeftOut = (path: string) => leftOut.add(path);
  const samples = dataset.read(root, { personLevel: store.personLevel, onProblem, onLeftOut });
  const plans = await planSources(samples, root, onProblem);
  if (plans.length > 0 || Object.keys(problems.badRows).length > 0) return plans;
  const expected = `${store.dataset}: ${dataset.layout}`;
  const received = describeLeftOut(leftOut.byEnding) || "nothing of that kind";
  throw new DataError({ reason: "unreadable", file: root, expected, received });
}

/** Counts and passes on what is wrong with the data; with `strict` the first stops the run. */
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
      throw new DataError({ reason: "unreadable", file: id, expected, received: problem.message });
    }
    this.#hooks.onProblem?.(problem.message, problem.reason);
  }
}

/** One run over the sources that the store does not have yet. */
class Run {
  readonly #writer: StoreWriter;
  readonly #settings: Settings;
  readonly #problems: ProblemLog;
  readonly #hooks: PrepareHooks;
  readonly #stages: Record<string, number> = {};
  #framesSampled = 0;
  #seconds = 0;

  constructor(writer: StoreWriter, settings: Settings, problems: ProblemLog, hooks: PrepareHooks) {
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

  summary(): Omit<PrepareSummary, "leftOut"> {
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
