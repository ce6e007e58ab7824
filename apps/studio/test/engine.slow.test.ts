/** What the mirror runs a model on, in a browser whose WebGPU is missing or does not work. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import {
  launchBrowser,
  PAGE_TIMEOUT_MS,
  serve,
} from "../../../packages/duchenne/test/deploy/export/browser.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const PAGE = `<!doctype html><meta charset="utf-8"><script type="module">
const gpus = { none: undefined, empty: { requestAdapter: async () => null }, broken: { requestAdapter: async () => { asked = true; return {}; } } };
let asked = false;
window.run = async (gpu) => {
  Object.defineProperty(navigator, "gpu", { configurable: true, value: gpus[gpu] });
  const { openModel } = await import("/runtime.js");
  const { model, engine } = await openModel("model");
  const [face] = await model.predictCrops([new Uint8Array(3 * model.info.size ** 2)]);
  await model.dispose();
  return { engine, asked, predicts: face.embedding.length > 0 };
};
</script>`;

/** The mirror's own code, in parts as the pages have it. */
async function bundle(): Promise<Record<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [at("../src/mirror/runtime.ts")],
    ...{ bundle: true, splitting: true, format: "esm", write: false, outdir: "/", logLevel: "silent" },
    conditions: ["source", "onnxruntime-web-use-extern-wasm", "module", "browser", "import"],
  });
  return Object.fromEntries(outputFiles.map(({ path, contents }) => [path, contents]));
}

test("a model runs on WebAssembly where WebGPU is missing, has no adapter, or does not run it", async () => {
  const ort = fileURLToPath(new URL(".", import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")));
  const folders = { ort, models: at("../../../packages/model-fer") };
  const { url, server } = await serve(folders, { "/": PAGE, ...(await bundle()) });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    await page.goto(url);
    const run = (gpu: string) => page.evaluate(`run(${JSON.stringify(gpu)})`);
    const onProcessor = { engine: "WebAssembly", predicts: true };
    expect(await run("none")).toEqual({ ...onProcessor, asked: false });
    expect(await run("empty")).toEqual({ ...onProcessor, asked: false });
    expect(await run("broken")).toEqual({ ...onProcessor, asked: true });
  } finally {
    await browser.close();
    server.close();
  }
});
