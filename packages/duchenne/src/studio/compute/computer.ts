import { type ChildProcess, fork } from "node:child_process";
import type { FaceMap, MappedPredictions } from "../contract/api.ts";
import { ComputeError } from "../contract/errors.ts";
import type { BatchRequest, ComputedBatch } from "./batch.ts";
import type { MapComputation, OnProgress } from "./map.ts";
import type { PredictionComputation } from "./predictions.ts";
import type { Answer, ComputeResult, ComputeTask, Question } from "./process.ts";

type Waiting = {
  resolve: (result: ComputeResult[ComputeTask["kind"]]) => void;
  reject: (error: ComputeError) => void;
  onProgress: OnProgress;
};

/** Has batches, maps and predictions computed by a process, which starts when first needed. */
export class Computer {
  #process: ChildProcess | undefined;
  #nextId = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** @throws ComputeError with what the library says */
  batch(request: BatchRequest): Promise<ComputedBatch> {
    return this.#ask({ kind: "batch", request }, () => {}) as Promise<ComputedBatch>;
  }

  /** @throws ComputeError with what the library says */
  map(request: MapComputation, onProgress: OnProgress): Promise<FaceMap> {
    return this.#ask({ kind: "map", request }, onProgress) as Promise<FaceMap>;
  }

  /** @throws ComputeError with what the library says */
  predictions(request: PredictionComputation, onProgress: OnProgress): Promise<MappedPredictions> {
    return this.#ask({ kind: "predictions", request }, onProgress) as Promise<MappedPredictions>;
  }

  /** Ends the computation that runs. */
  close(): void {
    this.#process?.kill("SIGKILL");
  }

  #ask(task: ComputeTask, onProgress: OnProgress): Promise<ComputeResult[ComputeTask["kind"]]> {
    this.#process ??= this.#start();
    const child = this.#process;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onProgress });
      child.send({ id, task } satisfies Question);
    });
  }

  #start(): ChildProcess {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const child = fork(new URL(`./process.${extension}`, import.meta.url), { serialization: "advanced" });
    child.on("message", (answer: Answer) => this.#take(answer));
    child.on("error", (error) => this.#end(error.message));
    child.on("exit", (code, signal) =>
      this.#end(`the process that computes ended: ${signal ?? `code ${code}`}`),
    );
    return child;
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    if (answer.kind === "progress") {
      waiting.onProgress(answer.doing, answer.share);
      return;
    }
    this.#waiting.delete(answer.id);
    if (answer.kind === "done") waiting.resolve(answer.result);
    else waiting.reject(new ComputeError(answer.message));
  }

  /** What was asked of it is refused; the next question starts another. */
  #end(message: string): void {
    this.#process = undefined;
    for (const { reject } of this.#waiting.values()) reject(new ComputeError(message));
    this.#waiting.clear();
  }
}
