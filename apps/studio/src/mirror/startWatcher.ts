import { fetchModel, type Model } from "@duchenne/predict";
import * as ort from "onnxruntime-web/wasm";
import { type FaceNetworks, loadFaceNetworks } from "./faceNetworks.ts";
import { Watcher } from "./Watcher.ts";

/** The rest are the browser's: it decodes, finds faces and draws meanwhile. */
const MOST_THREADS = 4;

// The server has them from @duchenne/predict.
ort.env.wasm.wasmPaths = "/ort/";
ort.env.wasm.numThreads = Math.max(1, Math.min(MOST_THREADS, navigator.hardwareConcurrency >> 1));

/** Loads one of the studio's models. @throws ModelError saying which file is not as it should be */
const openModel = (id: string): Promise<Model> => fetchModel(`/models/${id}`, ort);

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
