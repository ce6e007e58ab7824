import { describe, expect, test } from "vitest";
import { cutFace } from "../src/faceCrop.ts";
import { fetchModel, InputError, loadModel, ModelError, type OrtRuntime } from "../src/index.ts";
import { parsePreprocessor } from "../src/preprocessor.ts";
import { CONFIG_JSON, PREPROCESSOR_JSON } from "./files.ts";

const PAGE = "<!DOCTYPE html>\n<html><body>not found</body></html>";
const files = { config: CONFIG_JSON, preprocessor: PREPROCESSOR_JSON };

/** A runtime that fails as onnxruntime-web does. */
const failing = (message: string) =>
  ({ InferenceSession: { create: async () => Promise.reject(new Error(message)) } }) as unknown as OrtRuntime;

describe("a web page in place of a file", () => {
  test.each([PAGE, `\uFEFF  <html lang="en">`])("as the network", async (page) => {
    const onnx = new TextEncoder().encode(page);
    const error = await loadModel({ ...files, onnx }, failing("unused")).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ModelError);
    expect((error as Error).message).toMatch(
      /onnx\/model\.onnx: expected a file of a model, received a page of HTML/,
    );
  });

  test("as config.json", async () => {
    const fetched = globalThis.fetch;
    globalThis.fetch = async () => new Response(PAGE, { headers: { "content-type": "text/html" } });
    try {
      const error = await fetchModel("http://x/model", failing("unused")).catch((e: unknown) => e);
      expect((error as Error).message).toMatch(
        /expected a file of a model, received a page of HTML.*Check the address/,
      );
    } finally {
      globalThis.fetch = fetched;
    }
  });

  test.each([
    "no available backend found. ERR: [wasm] RuntimeError: Aborted(CompileError: WebAssembly.instantiate(): expected magic word 00 61 73 6d, found 3c 21 44 4f @+0)",
    "Failed to fetch dynamically imported module: http://x/ort-wasm-simd-threaded.wasm",
  ])("as the runtime's wasm", async (message) => {
    const error = await loadModel({ ...files, onnx: "a.onnx" }, failing(message)).catch((e: unknown) => e);
    expect((error as ModelError).subject).toBe("onnxruntime-web");
    expect((error as Error).message).toContain("wasmPaths");
  });
});

describe("a face", () => {
  const image = { width: 40, height: 30, data: new Uint8Array(40 * 30 * 3) };
  const preprocessor = parsePreprocessor(PREPROCESSOR_JSON);

  test.each([
    { left: 0, top: 0, width: 0, height: 0 },
    { left: 3, top: 3, width: 10, height: 0 },
    { left: 3, top: 3, width: -5, height: 10 },
    { left: 0, top: 0, width: 1e9, height: 1e9 },
    { left: 0, top: 0, width: Number.NaN, height: 4 },
  ])("with the box %o is refused", (box) => {
    expect(() => cutFace(image, { box }, preprocessor)).toThrow(InputError);
  });

  test("that reaches beyond the picture is cut", () => {
    const box = { left: -10, top: -10, width: 60, height: 60 };
    expect(cutFace(image, { box }, preprocessor).width).toBe(preprocessor.faceSize);
  });
});
