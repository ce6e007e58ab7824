import { CallingWorker } from "./callingWorker.ts";
import type { FacesAnswer, ModelAnswer, ModelRequest, Opened } from "./modelWorker.ts";
import type { Engine } from "./runtime.ts";

/** A model that runs in a worker. `openWorkerModel` makes one. */
export class WorkerModel {
  readonly engine: Engine;
  /** Side of the network's input, pixels. */
  readonly size: number;
  readonly #worker: CallingWorker<ModelRequest, ModelAnswer>;

  constructor(worker: CallingWorker<ModelRequest, ModelAnswer>, { engine, size }: Opened) {
    this.engine = engine;
    this.size = size;
    this.#worker = worker;
  }

  /**
   * Predictions of the faces of a frame.
   * @param pixels its bytes go to the worker, and are of no use here afterwards   @param landmarks of each face, [136]
   */
  predict(pixels: ImageData, landmarks: readonly Float32Array[]): Promise<FacesAnswer> {
    return this.#worker.call<FacesAnswer>({ pixels, landmarks }, [pixels.data.buffer as ArrayBuffer]);
  }

  /** Ends the worker and frees its memory: what is waited for fails. */
  dispose(): void {
    this.#worker.terminate();
  }
}

/**
 * Opens one of the studio's models in a worker.
 * @throws Error if the model or the worker cannot be loaded
 */
export async function openWorkerModel(id: string): Promise<WorkerModel> {
  const thread = new Worker(new URL("./modelWorker.ts", import.meta.url), { type: "module" });
  const worker = new CallingWorker<ModelRequest, ModelAnswer>("model", thread);
  try {
    return new WorkerModel(worker, await worker.call<Opened>({ model: id }));
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
