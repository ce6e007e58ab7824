import { type FaceNetworks, loadFaceNetworks } from "./faceNetworks.ts";
import { type OpenedModel, openModel } from "./runtime.ts";
import { Watcher } from "./Watcher.ts";

let networks: Promise<FaceNetworks> | undefined;

/** Loads a model, and the networks that find faces unless they are there; a failed load is tried again. */
export async function startWatcher(modelId: string): Promise<OpenedModel & { watcher: Watcher }> {
  networks ??= loadFaceNetworks().catch((error: Error) => {
    networks = undefined;
    throw error;
  });
  const [found, opened] = await Promise.all([networks, openModel(modelId)]);
  return { ...opened, watcher: new Watcher(found, opened.model) };
}
