/** Messages between `prepare` and its worker threads. */
import type { SourcePlan } from "./plan.ts";
import type { Processed } from "./processSource.ts";

/** Ends a thread: at once, between two frames. */
export const CLOSE = "close";

/** A message to a worker thread: a unit to read, or the end. */
export type WorkerRequest = SourcePlan[] | typeof CLOSE;

/** A message from a worker thread. */
export type WorkerAnswer =
  | { kind: "frames"; count: number }
  | { kind: "done"; processed: Processed[] }
  | { kind: "failed"; error: unknown };
