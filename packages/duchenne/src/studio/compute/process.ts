/**
 * The studio's process for long computations: libtorch is loaded here, so that the server can always answer, and keeps running
 * if memory runs out.
 */
import { configureProcess } from "../../lib/configureProcess.ts";
import type { FaceMap, MappedPredictions } from "../contract/api.ts";
import { type BatchRequest, type ComputedBatch, computeBatch } from "./batch.ts";
import { computeMap, type MapComputation, type OnProgress } from "./map.ts";
import { computePredictions, type PredictionComputation } from "./predictions.ts";

/** A task for the process. */
export type ComputeTask =
  | { kind: "batch"; request: BatchRequest }
  | { kind: "map"; request: MapComputation }
  | { kind: "predictions"; request: PredictionComputation };
/** Results by kind of task. */
export type ComputeResult = { batch: ComputedBatch; map: FaceMap; predictions: MappedPredictions };

/** A message to the process. */
export type Question = { id: number; task: ComputeTask };
/** A message from the process. */
export type Answer =
  | { id: number; kind: "progress"; doing: string; share: number }
  | { id: number; kind: "done"; result: ComputeResult[ComputeTask["kind"]] }
  | { id: number; kind: "failed"; message: string };

configureProcess();

const answer = (message: Answer): void => {
  process.send!(message);
};

function perform(id: number, task: ComputeTask): Promise<ComputeResult[ComputeTask["kind"]]> {
  const onProgress: OnProgress = (doing, share) => answer({ id, kind: "progress", doing, share });
  if (task.kind === "batch") return computeBatch(task.request);
  if (task.kind === "map") return computeMap(task.request, onProgress);
  return computePredictions(task.request, onProgress);
}

process.on("message", ({ id, task }: Question) => {
  perform(id, task).then(
    (result) => answer({ id, kind: "done", result }),
    (error: Error) => answer({ id, kind: "failed", message: error.message }),
  );
});
process.on("disconnect", () => process.exit());
// Ctrl-C goes to every process of the terminal; this one ends with the server.
process.on("SIGINT", () => {});
