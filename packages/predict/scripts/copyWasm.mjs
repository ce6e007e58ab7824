// Copies what WebAssembly in Node needs out of onnxruntime-web, which has ten times as much: a loader and one file of 14 MB.
import { copyFileSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const from = dirname(fileURLToPath(import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")));
const to = fileURLToPath(new URL("../dist/wasm/", import.meta.url));
const FILES = ["ort.node.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

const isSame = (a, b) => {
  const [left, right] = [a, b].map((file) => statSync(file, { throwIfNoEntry: false }));
  return left?.size === right?.size && readFileSync(a).equals(readFileSync(b));
};

mkdirSync(to, { recursive: true });
for (const name of FILES) {
  const [source, target] = [join(from, name), join(to, name)];
  if (!isSame(source, target)) copyFileSync(source, target);
}
