import { CallingWorker } from "./callingWorker.ts";
import type { FaceAnswer, FaceRequest, FindRequest, FoundFaces } from "./faceWorker.ts";

/** The networks that find faces, in a worker. `openWorkerFaces` makes one. */
export class WorkerFaces {
  readonly #worker: CallingWorker<FaceRequest, FaceAnswer>;

  constructor(worker: CallingWorker<FaceRequest, FaceAnswer>) {
    this.#worker = worker;
  }

  /** Finds the faces of a frame, which goes to the worker, and is of no use here afterwards. */
  find(request: FindRequest): Promise<FoundFaces> {
    return this.#worker.call<FoundFaces>(request, [request.frame]);
  }
}

/** @throws Error if the networks or the worker cannot be loaded */
export async function openWorkerFaces(): Promise<WorkerFaces> {
  const thread = new Worker(new URL("./faceWorker.ts", import.meta.url), { type: "module" });
  const worker = new CallingWorker<FaceRequest, FaceAnswer>("faces", thread);
  try {
    await worker.call("load");
    return new WorkerFaces(worker);
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
