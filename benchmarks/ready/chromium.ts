/** All networks in headless Chromium, each by WebAssembly on one thread. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launchBrowser, serve } from "../../packages/duchenne/test/deploy/export/browser.ts";
import type { TestFace } from "./faces.ts";
import type { References } from "./references.ts";
import type { Readings } from "./score.ts";
import { SIDE } from "./tfjsNetworks.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** @param references undefined: the model alone   @returns readings by name; the model's is `ours` */
export async function readInChromium(
  faces: readonly TestFace[],
  model: string,
  references: References | undefined,
): Promise<Readonly<Record<string, Readings>>> {
  const folders = {
    ort: join(REPOSITORY, "node_modules/onnxruntime-web/dist"),
    model,
    tfjs: references?.path("@tensorflow/tfjs-backend-wasm/dist") ?? "/nowhere",
  };
  const pages = {
    "/": '<!doctype html><meta charset="utf-8"><script type="module" src="/program.js"></script>',
    "/program.js": await bundleProgram(references),
    "/faces.bin": Buffer.concat(faces.map(({ grey }) => grey)),
    ...(references && { "/networks.json": networksOf(references) }),
  };
  const { url, server } = await serve(folders, pages);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(url);
    await page
      .waitForFunction("globalThis.readings !== undefined", undefined, { timeout: 600_000 })
      .catch((cause) => {
        throw new Error(`Chromium: expected readings, received ${complaints.join("; ") || "none"}`, {
          cause,
        });
      });
    return await page.evaluate<Readonly<Record<string, Readings>>>("globalThis.readings");
  } finally {
    await browser.close();
    server.close();
  }
}

/** Weights as base64, beside their JSON. */
function networksOf(references: References): string {
  const { faceApi, human } = references.files();
  const text = (bytes: ArrayBuffer) => Buffer.from(bytes).toString("base64");
  return JSON.stringify({
    faceApi: { ...faceApi, bytes: text(faceApi.bytes) },
    human: { ...human, bytes: text(human.bytes) },
  });
}

/** The page's program; TensorFlow.js and face-api are found where the references are. */
async function bundleProgram(references: References | undefined): Promise<Uint8Array> {
  const here = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
  const opening = `
    import * as tf from "@tensorflow/tfjs/dist/index.js";
    import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm/dist/index.js";
    import * as faceApi from "@vladmandic/face-api/dist/face-api.esm-nobundle.js";
    import { openFaceApi, openHuman } from ${here("tfjsNetworks.ts")};
    async function openReferences() {
      setWasmPaths("/tfjs/");
      await tf.setBackend("wasm");
      await tf.ready();
      const files = await (await fetch("/networks.json")).json();
      for (const name of ["faceApi", "human"])
        files[name].bytes = Uint8Array.from(atob(files[name].bytes), (letter) => letter.charCodeAt(0)).buffer;
      return { "face-api": openFaceApi(tf, faceApi, files), human: await openHuman(tf, files) };
    }`;
  const program = `
    import { fetchModel } from ${JSON.stringify(join(REPOSITORY, "packages/predict/src/index.ts"))};
    import { openModelReader } from ${here("modelReader.ts")};
    import { readAll } from ${here("readAll.ts")};
    import * as ort from "/ort/ort.wasm.min.mjs";
    ${references ? opening : "const openReferences = () => ({});"}
    ort.env.wasm.numThreads = 1;
    const bytes = new Uint8Array(await (await fetch("/faces.bin")).arrayBuffer());
    const one = ${SIDE ** 2};
    const faces = Array.from({ length: bytes.length / one }, (_, i) => bytes.subarray(i * one, (i + 1) * one));
    const readers = { ours: openModelReader(await fetchModel("/model/", ort)), ...(await openReferences()) };
    globalThis.readings = await readAll(readers, faces);`;
  const { outputFiles } = await build({
    stdin: {
      contents: program,
      resolveDir: references ? dirname(references.path("")) : REPOSITORY,
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["source"],
    external: ["/ort/ort.wasm.min.mjs"],
    // Emscripten's loader asks for them only in Node.
    logOverride: { "ignored-bare-import": "silent" },
  });
  return outputFiles[0]!.contents;
}
