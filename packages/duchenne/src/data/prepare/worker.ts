/** The worker thread of `prepare`: reads sources as they are sent, answers with frames ready for the store. */
import { parentPort, workerData } from "node:worker_threads";
import type { PrepareSettings } from "./settings.ts";
import { UnitProcessor } from "./unitReader.ts";
import { CLOSE, type WorkerAnswer, type WorkerRequest } from "./workerMessages.ts";

/** Faces between two reports of progress. */
const REPORT_EVERY = 16;

const answer = (message: WorkerAnswer): void => parentPort!.postMessage(message);
const processor = new UnitProcessor(workerData as PrepareSettings, onFrames);
const closing = new AbortController();
let unreported = 0;

function onFrames(count: number): void {
  unreported += count;
  if (unreported < REPORT_EVERY) return;
  answer({ kind: "frames", count: unreported });
  unreported = 0;
}

parentPort!.on("message", (request: WorkerRequest) => {
  if (request === CLOSE) {
    closing.abort();
    parentPort!.close();
    return;
  }
  processor.process(request, closing.signal).then(
    (processed) => answer({ kind: "done", processed }),
    (error: unknown) => answer({ kind: "failed", error }),
  );
});
