/** Makes a frame store. The modules that do it, the readers of videos and labels among them, are loaded by the first call. */
import type { LeftOutByEnding } from "../datasets/leftOut.ts";
import type { StoreCounts } from "../store/manifest.ts";
import type { Progress } from "./progress.ts";
import type { PrepareOptions } from "./settings.ts";

/** Callbacks and the stop signal of `prepare`. */
export type PrepareHooks = {
  /** Called at intervals during the run, and at its end. */
  onProgress?: (progress: Progress) => void;
  /** Called for every file or label row that cannot be read: a one-line message, and the reason. */
  onProblem?: (message: string, reason: string) => void;
  /** Called with what is ignored or assumed: columns and label files that are not read, the order of numbers as labels. */
  onNotice?: (message: string) => void;
  /** Stops the run after the current transaction; stored sources stay. */
  signal?: AbortSignal;
};

/** Contents of the store, and the speed of this run. */
export type PrepareSummary = StoreCounts & {
  /** Label rows that could not be used, by reason. */
  badRows: Record<string, number>;
  /** Files under the source that its layout does not read, by ending. */
  leftOut: Record<string, LeftOutByEnding>;
  /** Sampled frames of this run per second of wall clock, all workers together. */
  framesPerSecond: number;
  /** Milliseconds of this run by stage, summed over workers. */
  stageMilliseconds: Record<string, number>;
};

/**
 * Reads a data set into a frame store. A run that was stopped or killed is continued by the next one; the content of the
 * store depends neither on interruptions nor on the number of workers.
 * @param source folder or file of a known layout   @param out the store's folder
 * @throws DataError if there is no such data set, if nothing of it can be read (a new store is removed again), or, with `strict`, at the first file or label that cannot be read
 * @throws StoreOptionsError if the store was made with other options; StoreError if it cannot be written
 */
export async function prepare(
  source: string,
  out: string,
  options: PrepareOptions = {},
  hooks: PrepareHooks = {},
): Promise<PrepareSummary> {
  const { fillStore } = await import("./fillStore.ts");
  return fillStore(source, out, options, hooks);
}
