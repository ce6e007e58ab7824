import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel, type Model } from "@duchenne/predict";
import * as ort from "onnxruntime-node";
import { onTestFinished } from "vitest";

/** Opens a model's folder as the examples do. */
export async function openModel(folder: string): Promise<Model> {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const files = {
    config: json("config.json"),
    preprocessor: json("preprocessor_config.json"),
    onnx: join(folder, "onnx/model.onnx"),
  };
  const model = await loadModel(files, ort, { intraOpNumThreads: 1 });
  onTestFinished(() => model.dispose());
  return model;
}
