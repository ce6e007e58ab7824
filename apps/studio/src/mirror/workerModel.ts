import type { FacesAnswer, FacesRequest, WorkerAnswer, WorkerRequest } from "./modelWorker.ts";
import type { Engine } from "./runtime.ts";

interface Waiting {
  readonly resolve: (answer: FacesAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A model that runs in a worker. `openWorkerModel` makes one. */
export class WorkerModel {
  readonly engine: Engine;
  /** Side of the network's input, pixels. */
  readonly size: number;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  constructor(worker: Worker, engine: Engine, size: number) {
    this.engine = engine;
    this.size = size;
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<WorkerAnswer>) => this.#take(data));
    worker.addEventListener("error", ({ message }) => {
      const error = new Error(
        `model: expected predictions of its worker, received its failure (${message}). Reload the page.`,
      );
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  /**
   * Predictions of the faces of a frame.
   * @param frame its bytes go to the worker, and are of no use here afterwards   @param landmarks of each face, [136]
   */
  predict({ data, width, height }: ImageData, landmarks: readonly Float32Array[]): Promise<FacesAnswer> {
    const call = this.#calls++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      const request: FacesRequest = {
        ...{ call, width, height, landmarks },
        data: data as Uint8ClampedArray<ArrayBuffer>,
      };
      this.#worker.postMessage(request, [request.data.buffer]);
    });
  }

  /** Ends the worker and frees its memory: what is waited for never comes. */
  dispose(): void {
    this.#worker.terminate();
  }

  #take(answer: WorkerAnswer): void {
    if (!("call" in answer) || answer.call === undefined) return;
    const waiting = this.#waiting.get(answer.call)!;
    this.#waiting.delete(answer.call);
    if ("failed" in answer) waiting.reject(new Error(answer.failed));
    else waiting.resolve(answer);
  }
}

/**
 * Opens one of the studio's models in a worker.
 * @throws Error if the model or the worker cannot be loaded
 */
export function openWorkerModel(id: string): Promise<WorkerModel> {
  const worker = new Worker(new URL("./modelWorker.ts", import.meta.url), { type: "module" });
  return new Promise<WorkerModel>((resolve, reject) => {
    worker.addEventListener("error", () =>
      reject(
        new Error(
          "model: expected a worker, which the browser did not start. Reload the page, or close other pages if memory is short.",
        ),
      ),
    );
    worker.addEventListener(
      "message",
      ({ data }: MessageEvent<WorkerAnswer>) => {
        if ("opened" in data) resolve(new WorkerModel(worker, data.opened.engine, data.opened.size));
        else if ("failed" in data) reject(new Error(data.failed));
      },
      { once: true },
    );
    const request: WorkerRequest = { model: id };
    worker.postMessage(request);
  }).catch((error: Error) => {
    worker.terminate();
    throw error;
  });
}
