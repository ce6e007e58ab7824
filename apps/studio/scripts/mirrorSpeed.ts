/**
 * Measures the mirror in headless Chromium on a film: frames painted a second, how late, processor time of a frame, and memory each minute
 * (`npm run mirror-speed -w apps/studio -- folder film [minutes] [model]`). The folder is one that `duchenne studio` shows.
 * Take a film longer than the minutes: a film that begins again costs two to three frames' time, even on a page that only plays it.
 */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";
import { launchBrowser } from "../../../packages/duchenne/test/deploy/export/browser.ts";
import { startStudio } from "../test/pages/fixture.ts";

/** Before the first count: caches fill, and the model is compiled. */
const WARM_UP_MS = 10_000;
const MINUTE_MS = 60_000;

const [folder, film, minutes = "1", model] = process.argv.slice(2);
if (folder === undefined || film === undefined)
  throw new Error(
    "expected a folder and a film, received fewer arguments. Call it as in npm run mirror-speed -w apps/studio -- demo film.mp4 10",
  );
const from = (path: string) => resolve(process.env.INIT_CWD ?? ".", path);
const studio = await startStudio(from(folder));
const browser = await launchBrowser();
try {
  const page = await openMirror(browser, `${studio.url}#/mirror`, from(film));
  const system = await browser.newBrowserCDPSession();
  const own = await page.context().newCDPSession(page);
  await page.waitForTimeout(WARM_UP_MS);
  for (let minute = 1; minute <= Number(minutes); minute++) {
    const before = await state(page, system);
    await page.waitForTimeout(MINUTE_MS);
    const after = await state(page, system);
    const frames = after.frames - before.frames;
    console.info(
      JSON.stringify({
        minute,
        framesPerSecond: round((1000 * frames) / (after.ms - before.ms)),
        lateMs: after.lateMs,
        processorMsPerFrame: round((1000 * (after.processorSeconds - before.processorSeconds)) / frames),
        heapMb: round(await heapMb(own)),
        residentMb: round(after.residentMb),
      }),
    );
  }
} finally {
  await browser.close();
  await studio.stop();
}

/** Opens the film, and counts the frames that the stage paints. */
async function openMirror(of: Browser, url: string, path: string): Promise<Page> {
  const page = await of.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(240_000);
  await page.goto(url);
  await page.waitForSelector("h1");
  if (model !== undefined) {
    const models = page.getByLabel("Model", { exact: true });
    const names = await models.locator("option").allTextContents();
    await models.selectOption(names.find((name) => name.includes(model))!);
  }
  await page.evaluate(`
    window.frames = 0;
    window.late = [];
    const came = new Map();
    const request = HTMLVideoElement.prototype.requestVideoFrameCallback;
    HTMLVideoElement.prototype.requestVideoFrameCallback = function (listen) {
      return request.call(this, (now, frame) => {
        came.set(frame.mediaTime, performance.now());
        listen(now, frame);
      });
    };
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (...what) {
      if (this.canvas.closest(".overlay")) {
        window.frames++;
        // The slider was moved in the same update.
        const time = document.querySelector(".seek")?.valueAsNumber;
        if (came.has(time)) window.late.push(performance.now() - came.get(time));
        came.delete(time);
      }
      return draw.apply(this, what);
    };
  `);
  await page.locator("input[type=file]").setInputFiles(path);
  await page.locator(".stage canvas").waitFor();
  await page.locator(".pace").waitFor();
  return page;
}

interface State {
  readonly ms: number;
  readonly frames: number;
  /** From a frame's arrival to its painting with what was seen in it, since the last state. */
  readonly lateMs: { readonly median: number; readonly most: number };
  /** Of all of the browser's processes. */
  readonly processorSeconds: number;
  /** Of the page's process. */
  readonly residentMb: number;
}

async function state(page: Page, system: CDPSession): Promise<State> {
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  const resident = processInfo
    .filter(({ type }) => type === "renderer")
    .map(
      ({ id }) => Number(execFileSync("ps", ["-o", "rss=", "-p", String(id)], { encoding: "utf8" })) / 1024,
    );
  return {
    ms: performance.now(),
    frames: await page.evaluate<number>("window.frames"),
    lateMs: latenessOf(await page.evaluate<number[]>("window.late.splice(0)")),
    processorSeconds: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    residentMb: Math.max(...resident),
  };
}

function latenessOf(late: readonly number[]): State["lateMs"] {
  const sorted = late.toSorted((a, b) => a - b);
  return { median: round(sorted[sorted.length >> 1] ?? 0), most: round(sorted.at(-1) ?? 0) };
}

/** Of the page's JavaScript, after what nobody holds any more was freed. */
async function heapMb(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
