import type { Model } from "@duchenne/predict";
import { type FaceNetworks, loadFaceNetworks } from "./faceNetworks.ts";
import { openModel } from "./openModel.ts";
import { Watcher } from "./Watcher.ts";

let networks: Promise<FaceNetworks> | undefined;

/** Loads a model, and the networks that find faces unless they are there; a failed load is tried again. */
export async function startWatcher(modelId: string): Promise<{ watcher: Watcher; model: Model }> {
  networks ??= loadFaceNetworks().catch((error: Error) => {
    networks = undefined;
    throw error;
  });
  const [found, model] = await Promise.all([networks, openModel(modelId)]);
  return { watcher: new Watcher(found, model), model };
}
