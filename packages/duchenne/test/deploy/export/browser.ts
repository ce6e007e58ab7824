/** onnxruntime-web and @duchenne/predict in headless Chromium, from a server of this process. */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { Face, Prediction } from "@duchenne/predict";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";

const REPOSITORY = fileURLToPath(new URL("../../../../..", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** Files of `folders` by the first part of their address. */
export function serve(
  folders: Readonly<Record<string, string>>,
  pages: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://localhost").pathname);
    const [, first = "", ...rest] = normalize(path).split("/");
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    try {
      const body = pages[path] ?? readFileSync(join(folders[first] ?? "/nowhere", ...rest));
      response.writeHead(200, { "content-type": path === "/" ? "text/html" : type }).end(body);
    } catch (error) {
      response.writeHead(404).end(String(error));
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server });
    });
  });
}

/** What the page's own script leaves on `window`. */
interface PageGlobals {
  /** Bytes go as base64, which DevTools' protocol carries faster than lists of numbers. */
  predictCrop(crop: string): Promise<Wire>;
  predictFile(bytes: string, landmarks: number[]): Promise<Wire>;
  timeCrops(count: number): Promise<number>;
}
/** A prediction as JSON carries it. */
type Wire = Omit<Prediction, "embedding"> & { readonly embedding: number[] };

const PAGE = `<!doctype html><meta charset="utf-8"><script type="module">
import * as ort from "/ort/ort.wasm.min.mjs";
import { fetchModel } from "/predict.js";
ort.env.wasm.numThreads = 1;
const model = await fetchModel("/model/", ort);
const wire = ({ embedding, ...rest }) => ({ ...rest, embedding: [...embedding] });
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
window.predictCrop = async (crop) => wire((await model.predictCrops([bytesOf(crop)]))[0]);
window.timeCrops = async (count) => {
  const crop = new Uint8Array(3 * model.info.size ** 2);
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await model.predictCrops([crop]);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[count >> 1];
};
window.predictFile = async (bytes, landmarks) => {
  const bitmap = await createImageBitmap(new Blob([bytesOf(bytes)]));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return wire((await model.predict({ data, width, height, channels: 4 }, [{ landmarks }]))[0]);
};
</script>`;

export interface PredictingPage {
  predictCrop(crop: Uint8Array): Promise<Prediction>;
  /** @param bytes of an image file, which the browser decodes */
  predictFile(bytes: Uint8Array, face: Face): Promise<Prediction>;
  /** Median of one face's time through the network, milliseconds. */
  timeCrops(count: number): Promise<number>;
  close(): Promise<void>;
}

/** Of a browser's start and of what a page is waited for: it ends what hangs, and fails no busy machine. */
export const PAGE_TIMEOUT_MS = 240_000;

/** The one that scripts/setup.sh finds or installs. */
const BROWSERS = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Asks nothing of the network, for itself, either; as root there is no sandbox. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a headless browser. @param more of its command line's options @throws Error where there is none */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = BROWSERS.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) throw new Error("no Chromium: run make setup, or name one in CHROMIUM");
  return chromium.launch({ executablePath, args: [...QUIET, ...more], timeout: PAGE_TIMEOUT_MS });
}

/** A page with the model of `folder` loaded. The caller closes it. */
export async function openBrowser(folder: string): Promise<PredictingPage> {
  const predict = await bundle(join(REPOSITORY, "packages/predict/src/index.ts"));
  const folders = { ort: join(REPOSITORY, "node_modules/onnxruntime-web/dist"), model: folder };
  const { url, server } = await serve(folders, { "/": PAGE, "/predict.js": predict });
  const browser = await launchBrowser();
  const page = await browser.newPage();
  page.setDefaultTimeout(PAGE_TIMEOUT_MS);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  await page
    .waitForFunction(() => "predictFile" in globalThis)
    .catch((cause) => {
      throw new Error(`the page did not load: ${complaints.join("; ")}`, { cause });
    });
  const unwire = ({ embedding, ...rest }: Wire): Prediction => ({
    ...rest,
    embedding: Float32Array.from(embedding),
  });
  return {
    close: async () => {
      await browser.close();
      server.close();
    },
    timeCrops: (count) =>
      page.evaluate((own) => (globalThis as unknown as PageGlobals).timeCrops(own), count),
    predictCrop: async (crop) =>
      unwire(
        await page.evaluate((own) => (globalThis as unknown as PageGlobals).predictCrop(own), base64(crop)),
      ),
    predictFile: async (bytes, face) => {
      const given = {
        bytes: base64(bytes),
        landmarks: "landmarks" in face ? Array.from(face.landmarks) : [],
      };
      return unwire(
        await page.evaluate(
          (own) => (globalThis as unknown as PageGlobals).predictFile(own.bytes, own.landmarks),
          given,
        ),
      );
    },
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** A program and what it imports as one module. @param external names that the page's import map has */
export async function bundle(entry: string, external: string[] = []): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["source"],
    external,
  });
  return outputFiles[0]!.contents;
}
