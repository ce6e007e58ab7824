/**
 * Makes docs/studio.png and docs/studio.webp anew, from a folder that `duchenne demo` filled and a model of it
 * (`npm run pictures -w apps/studio -- demo`; CONTRIBUTING.md has the commands before it).
 */
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { launchWithCamera } from "../test/pages/browserPages.ts";
import { startStudio, writeCameraFilm } from "../test/pages/fixture.ts";

const DOCS = fileURLToPath(new URL("../../../docs/", import.meta.url));
const WINDOW = { width: 1280, height: 860 } as const;
/** Of the picture of all pages, pixels: documents show it a little smaller, and its text is read. */
const TILE_WIDTH = 1000;
const GAP = 16;
const GROUND = "#d8d2c4";
/** Of the loop. */
const LOOP_WIDTH = 900;
const FRAME_MS = 120;
const MOST_LOOP_BYTES = 3e6;

type Theme = "light" | "dark";

/** Pages of a studio that runs. */
interface Visit {
  readonly folder: string;
  readonly open: (hash: string, theme: Theme) => Promise<Page>;
}

const folder = resolve(process.env.INIT_CWD ?? ".", process.argv[2] ?? "demo");
const film = join(folder, "synth", "actor0007", "clip00.mp4");
if (!existsSync(film))
  throw new Error(
    `${folder}: expected a folder of duchenne demo with films in synth/, received none. Run duchenne demo --out ${folder}.`,
  );
const temporary = mkdtempSync(join(tmpdir(), "duchenne-pictures-"));
const camera = join(temporary, "camera.mjpeg");
await writeCameraFilm(film, camera);
const [studio, browser] = await Promise.all([startStudio(folder), launchWithCamera(camera)]);
try {
  const visit: Visit = { folder, open: (hash, theme) => openPage(browser, `${studio.url}#/${hash}`, theme) };
  await writeSheet(visit);
  await writeLoop(visit);
} finally {
  await browser.close();
  await studio.stop();
  rmSync(temporary, { recursive: true });
}

async function openPage(from: Browser, url: string, colorScheme: Theme): Promise<Page> {
  const context = await from.newContext({ viewport: WINDOW, colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(180_000);
  await page.goto(url);
  await page.waitForSelector("h1");
  return page;
}

/** All five pages and the report, below each other. */
async function writeSheet(visit: Visit): Promise<void> {
  const shots: Buffer[] = [];
  for (const show of [showRuns, showBatch, showMap, showMirror, showResults, showReport]) {
    const page = await show(visit);
    shots.push(await page.screenshot());
    await page.context().close();
  }
  const tileHeight = Math.round((TILE_WIDTH * WINDOW.height) / WINDOW.width);
  const tiles = await Promise.all(
    shots.map(async (shot, i) => ({
      input: await sharp(shot).resize(TILE_WIDTH, tileHeight).toBuffer(),
      left: GAP,
      top: GAP + i * (tileHeight + GAP),
    })),
  );
  const [width, height] = [TILE_WIDTH + 2 * GAP, shots.length * (tileHeight + GAP) + GAP];
  await sharp({ create: { width, height, channels: 3, background: GROUND } })
    .composite(tiles)
    .png({ palette: true, colours: 256, effort: 10 })
    .toFile(join(DOCS, "studio.png"));
}

async function showRuns({ open }: Visit): Promise<Page> {
  const page = await open("runs", "light");
  for (const box of (await page.locator(".run-card input").all()).slice(1, 3)) await box.check();
  await page.waitForTimeout(1500);
  return page;
}

async function showBatch({ open }: Visit): Promise<Page> {
  const page = await open("batch", "dark");
  await chooseRun(page, /full/);
  await page.locator(".tile img").first().waitFor();
  await page.waitForTimeout(2500);
  return page;
}

/** Two checkpoints side by side, with the neighbours of a face on both. */
async function showMap({ open }: Visit): Promise<Page> {
  const page = await open("map", "dark");
  await chooseRun(page, /full/);
  await page.getByText("Compare, predict, more faces").click();
  const beside = page.getByLabel("Beside it");
  const names = await beside.locator("option").allTextContents();
  await beside.selectOption(names.find((name) => name.includes("simclr"))!);
  const maps = page.getByRole("img", { name: /A map of/ });
  await maps.nth(1).waitFor();
  await maps.first().press("ArrowRight");
  for (let i = 0; i < 4; i++) await maps.first().press("ArrowDown");
  await toTop(page);
  await page.waitForTimeout(1500);
  return page;
}

async function showMirror({ open, folder: from }: Visit): Promise<Page> {
  const page = await open("mirror", "light");
  await openFilm(page, join(from, "synth", "actor0007", "clip00.mp4"));
  await seek(page, 3.4);
  await toTop(page);
  return page;
}

async function showResults({ open }: Visit): Promise<Page> {
  const page = await open("results", "light");
  await page.locator(".results tbody tr").first().waitFor();
  return page;
}

async function showReport({ open, folder: from }: Visit): Promise<Page> {
  const page = await open("runs", "dark");
  await page.goto(`file://${join(from, "table", "report.html")}`);
  await page.waitForTimeout(1500);
  return page;
}

async function chooseRun(page: Page, name: RegExp): Promise<void> {
  const runs = page.getByLabel("Run", { exact: true });
  const names = await runs.locator("option").allTextContents();
  await runs.selectOption(names.find((one) => name.test(one))!);
}

async function openFilm(page: Page, path: string): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(path);
  await page.locator(".bars .first").waitFor();
  // Once through, so that the timeline is whole.
  await page.waitForTimeout(9000);
  await page.getByRole("button", { name: "Pause" }).click();
}

async function toTop(page: Page): Promise<void> {
  await page.evaluate("scrollTo(0, 0)");
}

async function seek(page: Page, seconds: number): Promise<void> {
  const slider = page.getByRole("slider", { name: "Time in the film" });
  await slider.evaluate((element, value) => {
    (element as unknown as { value: string }).value = String(value);
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }, seconds);
  await page.waitForTimeout(700);
}

/** Through a clip of a batch, to the next batch, then a film in the mirror. */
async function writeLoop(visit: Visit): Promise<void> {
  const frames: Buffer[] = [];
  const take = async (page: Page, times = 1) => {
    const shot = await sharp(await page.screenshot())
      .resize(LOOP_WIDTH)
      .toBuffer();
    for (let i = 0; i < times; i++) frames.push(shot);
  };
  const batch = await showBatch(visit);
  const slider = batch.getByRole("slider", { name: "Time in the clip" }).first();
  await slider.press("Home");
  for (let i = 0; i < 22; i++) {
    await slider.press("ArrowRight");
    await batch.waitForTimeout(80);
    await take(batch);
  }
  await batch.getByRole("button", { name: "The next batch" }).click();
  await batch.waitForTimeout(2500);
  await take(batch, 10);
  await batch.context().close();
  const mirror = await showMirror(visit);
  for (let i = 0; i < 44; i++) {
    await mirror.getByRole("button", { name: "The next frame" }).dispatchEvent("click");
    await mirror.waitForTimeout(120);
    await take(mirror);
  }
  await mirror.context().close();
  const path = join(DOCS, "studio.webp");
  const animation = sharp(frames, { join: { animated: true } });
  await animation.webp({ quality: 60, effort: 6, loop: 0, delay: frames.map(() => FRAME_MS) }).toFile(path);
  const { size } = statSync(path);
  if (size > MOST_LOOP_BYTES)
    throw new Error(
      `${path}: expected at most ${MOST_LOOP_BYTES} bytes, received ${size}. Take fewer frames.`,
    );
  console.info(`${path}: ${frames.length} frames, ${size} bytes`);
}
