import { fetchModel, type Model, type OrtRuntime } from "@duchenne/predict";
import * as ort from "onnxruntime-web/wasm";

/** What a model runs on in this browser. */
export type Engine = "WebGPU" | "WebAssembly";

/** The rest are the browser's: it decodes, finds faces and draws meanwhile. */
const MOST_THREADS = 4;

// The server has them from @duchenne/predict.
ort.env.wasm.wasmPaths = "/ort/";
ort.env.wasm.numThreads = Math.max(1, Math.min(MOST_THREADS, navigator.hardwareConcurrency >> 1));

/** A model, and what runs it. */
export interface OpenedModel {
  readonly model: Model;
  readonly engine: Engine;
}

/**
 * Loads one of the studio's models: on WebGPU if the browser has an adapter, the server has onnxruntime-web's file for it and the model
 * runs, else on WebAssembly. WebGPU is untried: no machine with an adapter has run it yet.
 * @throws ModelError saying which file is not as it should be
 */
export async function openModel(id: string): Promise<OpenedModel> {
  const address = `/models/${id}`;
  const onGpu = (await hasAdapter()) ? await tryWebGpu(address) : undefined;
  return onGpu
    ? { model: onGpu, engine: "WebGPU" }
    : { model: await fetchModel(address, ort), engine: "WebAssembly" };
}

interface GpuNavigator {
  readonly gpu?: { requestAdapter(): Promise<object | null> };
}

async function hasAdapter(): Promise<boolean> {
  try {
    return (await (navigator as GpuNavigator).gpu?.requestAdapter()) != null;
  } catch {
    return false;
  }
}

/** @returns undefined if any part of it fails: WebAssembly then says what is wrong with the model, if something is */
async function tryWebGpu(address: string): Promise<Model | undefined> {
  try {
    const webgpu = await import("onnxruntime-web/webgpu");
    webgpu.env.wasm.wasmPaths = "/ort/";
    const model = await fetchModel(address, webgpu as OrtRuntime, { executionProviders: ["webgpu"] });
    try {
      // Its kernels are compiled by the first use.
      await model.predictCrops([new Uint8Array(3 * model.info.size ** 2)]);
      return model;
    } catch (error) {
      await model.dispose();
      throw error;
    }
  } catch (error) {
    console.info("WebGPU does not run the model; using WebAssembly.", error);
    return undefined;
  }
}
