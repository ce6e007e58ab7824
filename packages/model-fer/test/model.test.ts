/** The model that is in the package now. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadModel, MODEL_FILES } from "@duchenne/predict";
import * as ort from "onnxruntime-node";
import { expect, onTestFinished, test } from "vitest";
import { MODEL_TERMS, MODEL_URL } from "../src/index.ts";
import { modelFolder } from "../src/node.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const MOST_BYTES = 12e6;
const read = (name: string): string => readFileSync(join(modelFolder, name), "utf8");

test("is where both entries say", () => {
  expect(MODEL_URL).toMatch(/^file:.*\/model\/$/);
  expect(fileURLToPath(MODEL_URL)).toBe(modelFolder);
  for (const name of [MODEL_FILES.config, MODEL_FILES.preprocessor, MODEL_FILES.onnx, "README.md"])
    expect(existsSync(join(modelFolder, name)), name).toBe(true);
});

test("is small enough for a web page, in half precision", () => {
  expect(statSync(join(modelFolder, MODEL_FILES.onnx)).size).toBeLessThanOrEqual(MOST_BYTES);
  expect(JSON.parse(read(MODEL_FILES.config)).precision).toBe("half");
});

test("predicts expressions", async () => {
  const [config, preprocessor] = [MODEL_FILES.config, MODEL_FILES.preprocessor].map((name): unknown =>
    JSON.parse(read(name)),
  );
  const onnx = join(modelFolder, MODEL_FILES.onnx);
  const model = await loadModel({ config, preprocessor, onnx }, ort, { intraOpNumThreads: 1 });
  onTestFinished(() => model.dispose());
  const { size, classes } = model.info;
  const [face] = await model.predictCrops([new Uint8Array(3 * size ** 2).fill(128)]);
  expect(Object.keys(face!.probabilities!)).toEqual(classes);
  expect(Object.values(face!.probabilities!).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
});

test("comes with its terms", () => {
  expect(MODEL_TERMS).toMatch(/research/);
  expect(MODEL_TERMS).not.toContain("\n");
  expect(read("README.md")).toContain("## Data and licences");
  expect(readFileSync(join(PACKAGE, "LICENSE"), "utf8")).toContain("FER2013");
  for (const name of ["FER2013", "FER+", "MIT", "Apache-2.0", "CC BY 4.0"])
    expect(readFileSync(join(PACKAGE, "NOTICE.md"), "utf8")).toContain(name);
});

test("another model is taken if its weights are in half precision and its files are all there", () => {
  const folder = mkdtempSync(join(tmpdir(), "duchenne-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const own = join(folder, "package");
  cpSync(join(PACKAGE, "scripts"), join(own, "scripts"), { recursive: true });
  const other = join(folder, "other");
  cpSync(modelFolder, other, { recursive: true });
  writeFileSync(join(other, "model.safetensors"), "not for the package");
  writeFileSync(join(other, "README.md"), "a card that no hand has written");
  const adopt = () =>
    spawnSync(process.execPath, [join(own, "scripts/adopt.mjs"), other], { encoding: "utf8" });
  expect(adopt()).toMatchObject({ status: 0, stderr: "" });
  expect(existsSync(join(own, "model", MODEL_FILES.onnx))).toBe(true);
  expect(existsSync(join(own, "model/model.safetensors"))).toBe(false);
  expect(existsSync(join(own, "model/README.md"))).toBe(false);
  const config = join(other, MODEL_FILES.config);
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), precision: "float" }));
  expect(adopt()).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("expected weights in half precision, received float"),
  });
  rmSync(join(other, MODEL_FILES.preprocessor));
  expect(adopt().stderr).toContain("preprocessor_config.json: expected a file of a model");
});
