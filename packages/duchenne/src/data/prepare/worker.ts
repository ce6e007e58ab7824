/** The worker thread of `prepare`: reads sources as they are sent, answers with frames ready for the store. */
import { parentPort, workerData } from "node:worker_threads";
import type { SourcePlan } from "./plan.ts";
import type { Processed } from "./processSource.ts";
import type { PrepareSettings } from "./settings.ts";
import { UnitProcessor } from "./unitReader.ts";

/** A message from the worker thread. */
export type WorkerAnswer =
  | { kind: "frames"; count: number }
  | { kind: "done"; processed: Processed[] }
  | { kind: "failed"; error: unknown };

/** Faces between two reports of progress. */
const REPORT_EVERY = 16;

const answer = (message: WorkerAnswer): void => parentPort!.postMessage(message);
const processor = new UnitProcessor(workerData as PrepareSettings, onFrames);
let unreported = 0;

function onFrames(count: number): void {
  unreported += count;
  if (unreported < REPORT_EVERY) return;
  answer({ kind: "frames", count: unreported });
  unreported = 0;
}

parentPort!.on("message", (unit: SourcePlan[]) => {
  processor.process(unit).then(
    (processed) => answer({ kind: "done", processed }),
    (error: unknown) => answer({ kind: "failed", error }),
  );
});
