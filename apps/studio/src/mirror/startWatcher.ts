import { Watcher } from "./watcher.ts";
import { openWorkerFaces, type WorkerFaces } from "./workerFaces.ts";
import { openWorkerModel, type WorkerModel } from "./workerModel.ts";

let faces: Promise<WorkerFaces> | undefined;

/** Loads a model, and the networks that find faces unless they are there; networks that fail are loaded anew. */
export async function startWatcher(modelId: string): Promise<{ model: WorkerModel; watcher: Watcher }> {
  faces ??= openFaces();
  const opening = openWorkerModel(modelId);
  try {
    const [found, model] = await Promise.all([faces, opening]);
    return { model, watcher: new Watcher(found, model) };
  } catch (error) {
    // The other one may come yet.
    opening.then(
      (model) => model.dispose(),
      () => undefined,
    );
    throw error;
  }
}

function openFaces(): Promise<WorkerFaces> {
  const forget = () => {
    if (faces === opened) faces = undefined;
  };
  const opened = openWorkerFaces(forget);
  opened.catch(forget);
  return opened;
}
