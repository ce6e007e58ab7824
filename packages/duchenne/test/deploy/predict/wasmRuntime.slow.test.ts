/** Predictions in Node without onnxruntime-node: by WebAssembly, and the same. */
import { spawnSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Prediction } from "@duchenne/predict";
import { loadRuntime, type RuntimeKind } from "@duchenne/predict/node";
import { beforeAll, expect, test } from "vitest";
import { lastingFolder, makeModel } from "./fixture.ts";

const TOLERANCE = 1e-5;

let folder: string;
beforeAll(async () => {
  folder = await makeModel(lastingFolder());
});

/** In a process of its own, as users run it: the loader imports a file by its address, which the tests' own loader would rewrite. */
function predictBy(kind: RuntimeKind): Prediction[] {
  const program = `import { readFileSync } from "node:fs";
    import { loadModel, MODEL_FILES } from "@duchenne/predict";
    import { loadRuntime } from "@duchenne/predict/node";
    const read = (name) => readFileSync(process.argv[2] + "/" + name);
    const [config, preprocessor] = [MODEL_FILES.config, MODEL_FILES.preprocessor].map((name) => JSON.parse(read(name)));
    const model = await loadModel({ config, preprocessor, onnx: read(MODEL_FILES.onnx) }, await loadRuntime({ kind: "${kind}" }));
    const bytes = 3 * model.info.size ** 2;
    const crops = [3, 5, 7].map((step) => Uint8Array.from({ length: bytes }, (_, i) => (i * step) % 256));
    console.log(JSON.stringify((await model.predictCrops(crops)).map((one) => ({ ...one, embedding: [...one.embedding] }))));
    await model.dispose();`;
  const { stdout, stderr } = run(program);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Prediction[];
}

function run(
  program: string,
  ...options: string[]
): { status: number | null; stdout: string; stderr: string } {
  const file = join(lastingFolder(), "program.mjs");
  writeFileSync(file, program);
  // Found from the repository's own packages.
  symlinkSync(join(import.meta.dirname, "../../../../../node_modules"), join(dirname(file), "node_modules"));
  return spawnSync(process.execPath, [...options, file, folder], { encoding: "utf8" });
}

test("both say the same of the same faces", () => {
  const [native, wasm] = [predictBy("node"), predictBy("wasm")];
  expect(wasm).toHaveLength(native.length);
  for (const [i, { embedding, valence, arousal, expression }] of native.entries()) {
    expect(wasm[i]!.expression).toBe(expression);
    expect(wasm[i]!.valence).toBeCloseTo(valence!, 4);
    expect(wasm[i]!.arousal).toBeCloseTo(arousal!, 4);
    const largest = Math.max(...embedding.map(Math.abs));
    for (const [j, value] of embedding.entries())
      expect(Math.abs(wasm[i]!.embedding[j]! - value)).toBeLessThan(TOLERANCE * largest);
  }
});

/** A Node that finds no package onnxruntime-node. */
const HIDE = `import { register } from "node:module";
register("data:text/javascript," + encodeURIComponent(\`export async function resolve(name, context, next) {
  if (name === "onnxruntime-node") throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
  return next(name, context);
}\`));`;

test("without onnxruntime-node one line on stderr names the faster one, and the process ends by itself", () => {
  const program = `import { openModel } from "duchenne/deploy";
    const [one, two] = [await openModel(process.argv[2]), await openModel(process.argv[2])];
    const [{ expression }] = await one.predictCrops([new Uint8Array(3 * one.info.size ** 2)]);
    console.log(expression, two.info.size);`;
  const hide = `data:text/javascript,${encodeURIComponent(HIDE)}`;
  const { status, stdout, stderr } = run(program, "--import", hide);
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr:
      "onnxruntime-node is not installed: using the WebAssembly build, which is slower. For the faster one: npm install onnxruntime-node\n",
  });
  expect(stdout).toMatch(/^\w+ \d+\n$/);
});

test("onnxruntime-node comes first where it is installed", async () => {
  await expect(loadRuntime()).resolves.toMatchObject({ kind: "node" });
});
