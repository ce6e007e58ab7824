import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, resolve } from "node:path";
import { LandmarkModel } from "@duchenne/face";
import { settingText } from "../../lib/errors.ts";
import { describeOrder, type ExpressionOrder } from "../../lib/expressions.ts";
import { describeLeftOutFiles, LeftOutFiles } from "../datasets/leftOut.ts";
import { DATASETS, type DataSetName, ignoredClassFolders, ignoredLabelFiles } from "../datasets/registry.ts";
import { DataError, type DataSet } from "../datasets/types.ts";
import { removeStore, storeFile, UNREADABLE } from "../store/environment.ts";
import { FrameStore } from "../store/frameStore.ts";
import type { Manifest } from "../store/manifest.ts";
import type { StoreWriter } from "../store/storeWriter.ts";
import { loadExtractor } from "./features.ts";
import { planSources, type SourcePlan } from "./plan.ts";
import type { PrepareHooks, PrepareSummary } from "./prepare.ts";
import type { Processed } from "./processSource.ts";
import { ProgressMeter } from "./progress.ts";
import { type PrepareOptions, type PrepareSettings, resolveSettings } from "./settings.ts";
import { checkShard, takeShard } from "./shard.ts";
import { InlineReader, type UnitReader } from "./unitReader.ts";
import { WorkerPool } from "./workerPool.ts";

/** Stills read and committed together: a transaction for each would wait for the disk each time. */
const STILLS_PER_UNIT = 32;
const PROGRESS_INTERVAL_MS = 100;

/** What `prepare` does. @throws what `prepare` throws */
export async function fillStore(
  source: string,
  out: string,
  options: PrepareOptions,
  hooks: PrepareHooks,
): Promise<PrepareSummary> {
  const settings = await resolveSettings(source, options);
  const problems = new ProblemLog(hooks, options.strict ?? false);
  const leftOut = new LeftOutFiles();
  if (options.shard) checkShard(options.shard);
  const all = await plan(source, settings, problems, leftOut, options);
  const { plans, shard } = options.shard ? takeShard(all, options.shard) : { plans: all, shard: undefined };
  const isNew = !existsSync(storeFile(out));
  if (isNew) await tryModels(settings);
  const writer = FrameStore.create(out, settings.store, shard);
  try {
    const run = new Run(writer, settings, problems, hooks);
    await run.readAll(plans, options.workers ?? availableParallelism());
    writer.finish(problems.badRows);
    const summary = { ...run.summary(), leftOut: leftOut.byEnding };
    if (shard || !isAllUnreadable(summary)) return summary;
  } finally {
    await writer.close();
  }
  if (isNew) removeStore(out);
  const others = describeLeftOutFiles(leftOut.byEnding);
  const unread =
    others === "" ? "" : `, and files that the layout ${settings.store.dataset} does not read: ${others}`;
  throw nothingUsable(resolve(source), `${plans.length} unreadable${unread}`);
}

/** True if there are sources, and none of them can be read. A source that can be read and shows no face is no fault. */
const isAllUnreadable = ({ clips, problems }: PrepareSummary): boolean =>
  clips > 0 && problems[UNREADABLE] === clips;

/** A file that is no model must not become an option of a new store, which would then refuse the right one. */
async function tryModels({ landmarkModel, feature }: PrepareSettings): Promise<void> {
  await LandmarkModel.load(landmarkModel);
  await loadExtractor(feature);
}

/**
 * Reads the labels. What they say of the settings, the order of numbers as labels, is set in `settings`.
 * @throws DataError if no row can be used, or the source has nothing of this layout, for example if a drive is not mounted
 * or `dataset` is wrong
 */
async function plan(
  source: string,
  settings: PrepareSettings,
  problems: ProblemLog,
  leftOut: LeftOutFiles,
  { labelNumbers }: PrepareOptions,
): Promise<SourcePlan[]> {
  const { store } = settings;
  const root = resolve(source);
  const onProblem = (problem: DataError) => problems.badRow(problem);
  const name = store.dataset as DataSetName;
  const dataset: DataSet = DATASETS[name];
  for (const file of ignoredLabelFiles(name, root)) problems.notice(notRead(file, name));
  const folders = ignoredClassFolders(name, root);
  if (folders.length > 0) problems.notice(noClasses(root, folders, name));
  const samples = dataset.read(root, {
    personLevel: store.personLevel,
    onProblem,
    onLeftOut: (path) => leftOut.add(path),
    onNotice: (message) => problems.notice(message),
    ...(labelNumbers && { labelNumbers }),
    onLabelNumbers: (order, place) => {
      if (store.labelNumbers !== undefined) return;
      store.labelNumbers = order;
      problems.notice(`${place}: numbers are expressions in the order of ${order}: ${describeOrder(order)}`);
    },
  });
  const plans = await planSources(samples, root, onProblem);
  if (labelNumbers && store.labelNumbers !== labelNumbers)
    problems.notice(notUsed(labelNumbers, store.labelNumbers));
  if (plans.length > 0) return plans;
  const bad = Object.entries(problems.badRows).map(([reason, count]) => `${count} ${reason}`);
  if (bad.length > 0) throw nothingUsable(root, bad.join(", "));
  const expected = `${store.dataset}: ${dataset.layout}`;
  const table = dataset.labelFiles?.(root).find((file) => existsSync(file));
  const received =
    describeLeftOutFiles(leftOut.byEnding) ||
    (table === undefined ? "nothing of that kind" : `no row below the header of ${basename(table)}`);
  throw new DataError({
    ...{ reason: "unreadable", file: root, expected, received },
    remedy: "Check the path, or choose another `dataset`.",
  });
}

const notRead = (file: string, dataset: string): string =>
  `${file} is not read: the layout ${dataset} does not use it. If it holds the labels, run prepare on this file.`;

const noClasses = (root: string, folders: readonly string[], dataset: string): string =>
  `${root}: the layout ${dataset} does not read the folders ${folders.join(", ")} as labels. ` +
  "To label their images, move the folders into a folder train, or write a labels.csv.";

const notUsed = (order: ExpressionOrder, taken: ExpressionOrder | undefined): string => {
  const why =
    taken === undefined
      ? "the source has no numbers as labels"
      : `the data set's own numbers are in the order of ${taken}`;
  return `${settingText("labelNumbers", order)} has no effect: ${why}.`;
};

const nothingUsable = (file: string, received: string): DataError =>
  new DataError({
    reason: "badLabelFile",
    file,
    expected: "at least one row or file that can be used",
    received: received,
    remedy: "Correct the problems named above, and run the command again.",
    isFatal: true,
  });

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

  notice(message: string): void {
    this.#hooks.onNotice?.(message);
  }

  /** @throws DataError with `strict` */
  source({ result: { id, problem } }: Processed): void {
    if (problem === undefined) return;
    if (this.#strict) {
      const expected = "a source that can be read whole (`strict`)";
      throw new DataError({
        ...{ reason: "unreadable", file: id, expected, received: problem.message },
        remedy: "Repair or remove the file, or omit `strict`.",
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
