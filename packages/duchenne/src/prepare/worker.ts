/** The worker thread of `prepare`: reads sources as they are sent, answers with frames ready for the store. */
import { parentPort, workerData } from "node:worker_threads";
import { FEATURES, type FeatureExtractor } from "./features.ts";
import type { SourcePlan } from "./plan.ts";
import { type Processed, processSource } from "./processSource.ts";
import type { Settings } from "./settings.ts";

export type WorkerAnswer =
  | { kind: "frames"; count: number }
  | { kind: "done"; processed: Processed[] }
  | { kind: "failed"; error: unknown };

/** Faces between two reports of progress. */
const REPORT_EVERY = 16;

const settings = workerData as Settings;
const answer = (message: WorkerAnswer): void => parentPort!.postMessage(message);
let extractor: FeatureExtractor | undefined;
let unreported = 0;

function onFrames(count: number): void {
  unreported += count;
  if (unreported < REPORT_EVERY) return;
  answer({ kind: "frames", count: unreported });
  unreported = 0;
}

async function processUnit(unit: readonly SourcePlan[]): Promise<Processed[]> {
  extractor ??= await FEATURES[settings.store.feature].load(settings.featureWeights);
  const processed: Processed[] = [];
  for (const plan of unit) processed.push(await processSource(plan, settings, extractor, onFrames));
  return processed;
}

parentPort!.on("message", (unit: SourcePlan[]) => {
  processUnit(unit).then(
    (processed) => answer({ kind: "done", processed }),
    (error: unknown) => answer({ kind: "failed", error }),
  );
});
