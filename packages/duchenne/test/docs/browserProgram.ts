/** Runs a program in headless Chromium, on a page that has `/model/`, and `/selfie.jpg` drawn into its canvas. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, launchBrowser, PAGE_TIMEOUT_MS, serve } from "../deploy/export/browser.ts";
import { REPOSITORY } from "./blocks.ts";

const PAGE = `<!doctype html><meta charset="utf-8">
<script type="importmap">{ "imports": { "onnxruntime-web/wasm": "/ort/ort.wasm.min.mjs" } }</script>
<img src="/selfie.jpg"><canvas></canvas>
<script type="module">
const image = document.querySelector("img");
const canvas = document.querySelector("canvas");
await image.decode();
Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
canvas.getContext("2d").drawImage(image, 0, 0);
try {
  await import("/program.js");
} finally {
  document.title = "ended";
}
</script>`;

/** @param program a file, with top-level await   @param workplace see `makeWorkplace`   @returns what went wrong */
export async function runInBrowser(program: string, workplace: string): Promise<string[]> {
  const folders = {
    ort: join(REPOSITORY, "node_modules/onnxruntime-web/dist"),
    model: join(workplace, "model"),
  };
  const pages = {
    "/": PAGE,
    "/program.js": await bundle(program, ["onnxruntime-web/wasm"]),
    "/selfie.jpg": readFileSync(join(workplace, "selfie.jpg")),
  };
  const { url, server } = await serve(folders, pages);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(url);
    await page.waitForFunction("document.title === 'ended'");
    return complaints;
  } finally {
    await browser.close();
    server.close();
  }
}
