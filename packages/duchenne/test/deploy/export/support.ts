import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel, type Model } from "@duchenne/predict";
import * as ort from "onnxruntime-node";
import { onTestFinished } from "vitest";
import { probe } from "../../../src/evaluate/probe.ts";
import type { ProbeOptions } from "../../../src/evaluate/schema/options.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { QUICK, stillsOfPeople, untrained, writeStills } from "../../evaluate/support.ts";

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

/** A quick probe whose predictor is kept. @param seed of the untrained backbone   @param store another probe's */
export async function saved(options: ProbeOptions, { seed = 1, store: given = "" } = {}) {
  const store = given || (await writeStills(stillsOfPeople(10, 3)));
  const save = join(temporaryFolder(), "saved.probe");
  const result = await probe(untrained(seed), store, { ...QUICK, ...options, save });
  return { store, save, result };
}
