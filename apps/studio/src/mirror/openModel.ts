import { fetchModel, type Model } from "@duchenne/predict";
import glueUrl from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";

/** The rest are the browser's: it decodes, finds faces and draws meanwhile. */
const MOST_THREADS = 4;

ort.env.wasm.wasmPaths = { mjs: glueUrl, wasm: wasmUrl };
ort.env.wasm.numThreads = Math.max(1, Math.min(MOST_THREADS, navigator.hardwareConcurrency >> 1));

/** Loads one of the studio's models. @throws ModelError saying which file is not as it should be */
export const openModel = (id: string): Promise<Model> => fetchModel(`/models/${id}`, ort);
