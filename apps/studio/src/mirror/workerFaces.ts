import { CallingWorker } from "./callingWorker.ts";
import type { FaceAnswer, FaceRequest, FindRequest, FoundFaces } from "./faceWorker.ts";

/** The networks that find faces, in a worker. `openWorkerFaces` makes one. */
export class WorkerFaces {
  readonly #worker: CallingWorker<FaceRequest, FaceAnswer>;
  readonly #onFailure: () => void;

  /** @param onFailure is called when it fails: it is of no use afterwards */
  constructor(worker: CallingWorker<FaceRequest, FaceAnswer>, onFailure: () => void) {
    this.#worker = worker;
    this.#onFailure = onFailure;
  }

  /** Finds the faces of a frame, which goes to the worker, and is of no use here afterwards. */
  async find(request: FindRequest): Promise<FoundFaces> {
    try {
      return await this.#worker.call<FoundFaces>(request, [request.frame]);
    } catch (error) {
      this.#worker.terminate();
      this.#onFailure();
      throw error;
    }
  }
}

/**
 * @param onFailure is called when they fail later: they are of no use afterwards
 * @throws Error if the browser lacks what they need, or the networks or the worker cannot be loaded
 */
export async function openWorkerFaces(onFailure: () => void): Promise<WorkerFaces> {
  if (!canDrawInWorkers())
    throw new Error(
      "mirror: expected a browser that draws outside the page's thread (OffscreenCanvas), received one that does not. Update it, or open the page in another: Safari 16.4, Chrome 80, Edge 80 or Firefox 114, or a later one.",
    );
  const thread = new Worker(new URL("./faceWorker.ts", import.meta.url), { type: "module" });
  const worker = new CallingWorker<FaceRequest, FaceAnswer>("faces", thread);
  try {
    await worker.call("load");
    thread.addEventListener("error", onFailure);
    return new WorkerFaces(worker, onFailure);
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

const canDrawInWorkers = (): boolean =>
  typeof OffscreenCanvas !== "undefined" && new OffscreenCanvas(1, 1).getContext("2d") !== null;
