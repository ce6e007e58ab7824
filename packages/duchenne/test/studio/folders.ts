/** Folders of runs and models as the studio finds them, without training. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeConfig } from "@duchenne/predict";
import { metricsOf, recordOf } from "../../src/ssl/run/runRecord.ts";
import { tinyConfig } from "../ssl/train/tinyStore.ts";

/** A run with two lines in its log. */
export function writeRun(folder: string, store: string): void {
  mkdirSync(folder, { recursive: true });
  const record = {
    format: "duchenne-run",
    command: "duchenne pretrain …",
    config: tinyConfig(),
    notices: [],
    store: { path: store, digest: "" },
    versions: {},
  };
  writeFileSync(recordOf(folder), JSON.stringify(record));
  writeFileSync(metricsOf(folder), '{"step":10,"loss":2}\n{"step":20,"loss":1.5}\n');
}

/** A model's folder whose network is none. */
export function writeModel(folder: string, { onnx = true } = {}): void {
  mkdirSync(folder, { recursive: true });
  const config = writeConfig({
    backbone: "tiny",
    imageSize: 48,
    embeddingSize: 192,
    heads: ["expression", "valence_arousal"],
    classes: ["neutral", "happy"],
  });
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "README.md"), "secret notes");
  if (!onnx) return;
  mkdirSync(join(folder, "onnx"));
  writeFileSync(join(folder, "onnx", "model.onnx"), "an onnx file");
}
