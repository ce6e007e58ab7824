/** Curves and results of made-up runs, as somebody uses them for a day. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../../../packages/duchenne/test/deploy/export/browser.ts";
import { lastingFolder } from "../../../../packages/duchenne/test/deploy/predict/fixture.ts";
import { madeUpResult } from "../../../../packages/duchenne/test/report/page/madeUpResult.ts";
import { tinyConfig } from "../../../../packages/duchenne/test/ssl/train/tinyStore.ts";
import { violationsOf } from "./axe.ts";
import { openPage, overhang } from "./browserPages.ts";
import { startStudio } from "./fixture.ts";

let folder: string;
let studio: Awaited<ReturnType<typeof startStudio>>;
let browser: Browser;

beforeAll(async () => {
  folder = lastingFolder();
  writeRun("a", "simclr", 100);
  writeRun("b", "byol", 40);
  writeResult("a", { all: { macroF1: [0.6, 0.5, 0.7] } });
  writeResult("b", { all: { macroF1: [0.4, 0.3, 0.5] } });
  [studio, browser] = await Promise.all([startStudio(folder), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await studio.stop();
});

const lossAt = (step: number): number => 5 - step / 25;
const line = (step: number) =>
  `${JSON.stringify({ step, wallTime: 1e9 + 36 * step, epoch: step / 10, loss: lossAt(step), learningRate: 0.1, waitShare: 0.5 })}\n`;

function writeRun(name: string, method: "simclr" | "byol", steps: number): void {
  const run = join(folder, "runs", name);
  mkdirSync(run, { recursive: true });
  const record = {
    ...{ format: "duchenne-run", command: "", config: tinyConfig({ method }), notices: [], versions: {} },
    store: { path: "gone", digest: "" },
  };
  writeFileSync(join(run, "config.json"), JSON.stringify(record));
  const lines = Array.from({ length: steps / 2 }, (_, i) => line(2 * i + 2));
  writeFileSync(join(run, "metrics.jsonl"), lines.join(""));
}

function writeResult(name: string, figures: Parameters<typeof madeUpResult>[1]): void {
  const result = madeUpResult("expression", figures);
  const backbone = { ...result.backbone, from: join(folder, "runs", name) };
  mkdirSync(join(folder, "results"), { recursive: true });
  writeFileSync(join(folder, "results", `${name}.json`), JSON.stringify({ ...result, backbone }));
}

const open = (hash: string, look = {}): Promise<Page> => openPage(browser, `${studio.url}#/${hash}`, look);

/** Opens the curves of both runs, with more choices. */
async function openBoth(more = ""): Promise<Page> {
  const page = await open("runs");
  const ids = await page.evaluate<string>(
    "fetch('/api/library').then((answer) => answer.json()).then(({ runs }) => ['runs/a', 'runs/b'].map((name) => runs.find((run) => run.name === name).id).join())",
  );
  await page.goto(`${studio.url}#/runs?runs=${ids}${more}`);
  // The page may still show what it did before.
  await curveOf(
    page,
    /runs\/a [\d.]+, runs\/b [\d.]+|runs\/a \(smoothed\) [\d.]+, runs\/b \(smoothed\) [\d.]+/,
  ).waitFor();
  for (const name of ["runs/a", "runs/b"])
    await page.locator(".plot").first().locator(".u-label", { hasText: name }).first().waitFor();
  return page;
}

/** The curve of the loss, by what it tells of its runs. */
const curveOf = (page: Page, runs: RegExp) =>
  page.getByRole("img", { name: new RegExp(`^Loss: .*(${runs.source})`) });

/** Drags over a part of the first plot. */
async function drag(page: Page, from: number, to: number): Promise<void> {
  const { x, y, width, height } = (await page.locator(".u-over").first().boundingBox())!;
  await page.mouse.move(x + from * width, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + to * width, y + height / 2, { steps: 4 });
  await page.mouse.up();
}

const zoomOf = (page: Page) =>
  page.evaluate<string>("new URLSearchParams(location.hash.split('?')[1]).get('zoom') ?? ''");

/** What the legend of the first plot shows for a run. */
const legendOf = async (page: Page, name: string) =>
  (await page
    .locator(".plot")
    .first()
    .locator(".u-series", { hasText: name })
    .locator(".u-value")
    .textContent())!;

describe("curves", () => {
  it("keep the zoom over five polls of a run that goes on, and until it is undone", async () => {
    const page = await openBoth();
    await drag(page, 0.2, 0.5);
    await expect.poll(() => zoomOf(page)).not.toBe("");
    const zoom = await zoomOf(page);
    const [from, to] = zoom.split("~").map(Number);
    expect(from).toBeGreaterThan(10);
    expect(to).toBeLessThan(65);
    for (let poll = 0; poll < 5; poll++) {
      const step = 102 + 2 * poll;
      appendFileSync(join(folder, "runs", "a", "metrics.jsonl"), line(step));
      await curveOf(page, new RegExp(`runs/a ${Number(lossAt(step).toPrecision(3))},`)).waitFor();
    }
    expect(await zoomOf(page)).toBe(zoom);
    // The place under the pointer is in the part that is shown.
    const { x, y, width, height } = (await page.locator(".u-over").first().boundingBox())!;
    await page.mouse.move(x + width - 2, y + height / 2);
    await expect.poll(async () => Math.abs(Number(await legendOf(page, "update")) - to!)).toBeLessThan(4);
    await page.getByRole("button", { name: "Show all" }).click();
    await expect.poll(() => zoomOf(page)).toBe("");
  });

  it("show nothing past a run's end", async () => {
    const page = await openBoth();
    const { x, y, width, height } = (await page.locator(".u-over").first().boundingBox())!;
    await page.mouse.move(x + 0.9 * width, y + height / 2);
    await expect.poll(() => legendOf(page, "runs/b")).toBe("–");
    await expect.poll(() => legendOf(page, "runs/a")).toMatch(/\d/);
    await page.mouse.move(x + 0.1 * width, y + height / 2);
    await expect.poll(() => legendOf(page, "runs/b")).toMatch(/\d/);
  });

  it("have a run's colour whatever is chosen beside it, and in another order", async () => {
    const page = await openBoth();
    const colour = () =>
      page.evaluate<string>(
        "getComputedStyle([...document.querySelectorAll('.run-card')].find((card) => card.textContent.includes('runs/a'))).getPropertyValue('--mark')",
      );
    const before = await colour();
    expect(before).toMatch(/^oklch/);
    await page.getByRole("checkbox", { name: "runs/b" }).uncheck();
    expect(await colour()).toBe(before);
    await page.getByRole("checkbox", { name: "runs/a" }).uncheck();
    await page.getByRole("checkbox", { name: "runs/b" }).check();
    await page.getByRole("checkbox", { name: "runs/a" }).check();
    expect(await colour()).toBe(before);
  });

  it("keep what was logged faint under what is smoothed, and never smooth the learning rate", async () => {
    const page = await openBoth("&smooth=0.9");
    const names = await page.locator(".plot").first().locator(".u-label").allTextContents();
    expect(names).toEqual([
      "update",
      "runs/a, as logged",
      "runs/b, as logged",
      "runs/a (smoothed)",
      "runs/b (smoothed)",
    ]);
    const rate = page.locator(".plot", { hasText: "Learning rate" });
    expect(await rate.locator(".u-label").allTextContents()).toEqual(["update", "runs/a", "runs/b"]);
    expect(await page.getByText("cannot be compared").count()).toBe(1);
  });

  it("run over epochs or hours, show every figure, and are as they were after another page", async () => {
    const page = await openBoth();
    await page.getByLabel("Over").selectOption("hours");
    await page.getByLabel("log scale").check();
    await page.getByText(/^Figures: /).click();
    await page.getByLabel("waitShare").check();
    await page.locator(".plot", { hasText: "waitShare" }).waitFor();
    const address = await page.evaluate<string>("location.hash");
    await page.keyboard.press("2");
    await page.keyboard.press("1");
    await page.locator(".plot", { hasText: "waitShare" }).waitFor();
    expect(await page.evaluate<string>("location.hash")).toBe(address);
    await page.reload();
    expect(await page.getByLabel("Over").inputValue()).toBe("time");
    expect(await page.getByLabel("log scale").isChecked()).toBe(true);
  });

  it("heed what is chosen at the moment they come", async () => {
    const page = await open("results");
    await page.evaluate(`new Promise((resolve) => {
      const choose = (_, observer) => {
        if (!document.querySelector("[aria-label=Curves]")) return;
        observer.disconnect();
        history.replaceState(null, "", "#/runs?x=epoch");
        dispatchEvent(new HashChangeEvent("hashchange"));
        resolve();
      };
      new MutationObserver(choose).observe(document.body, { childList: true, subtree: true });
      location.hash = "/runs";
    })`);
    await expect.poll(() => page.getByLabel("Over").inputValue()).toBe("epoch");
  });

  it("are saved as CSV and PNG", async () => {
    const page = await openBoth();
    const save = async (name: string) => {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: `${name} of Loss` }).click(),
      ]);
      expect(file.suggestedFilename()).toBe(`loss.${name.toLowerCase()}`);
      return readFileSync((await file.path())!);
    };
    expect((await save("CSV")).toString().split("\n").slice(0, 2)).toEqual([
      "step,runs/a,runs/b",
      "2,4.92,4.92",
    ]);
    expect((await save("PNG")).subarray(1, 4).toString()).toBe("PNG");
  });

  it("weigh at most 0.35 MB with their page", async () => {
    const page = await open("runs");
    await page.locator(".plot").first().waitFor();
    const bytes = await page.evaluate<number>(
      "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)",
    );
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(350_000);
  });
});

describe("results", () => {
  it("stand beside the settings of their runs, sorted and filtered by the address", async () => {
    const page = await open("results");
    const names = () => page.locator(".results tbody th a").allTextContents();
    await page.locator(".results tbody tr").first().waitFor();
    await expect.poll(names).toEqual(["runs/a", "runs/b"]);
    await page.getByRole("button", { name: "macroF1" }).click();
    await expect.poll(names).toEqual(["runs/b", "runs/a"]);
    expect(await page.getByRole("columnheader", { name: "macroF1" }).getAttribute("aria-sort")).toBe(
      "ascending",
    );
    expect(await page.getByRole("row", { name: /runs\/a/ }).textContent()).toMatch(
      /0\.60\.5 to 0\.7.*simclr/,
    );
    await page.getByLabel("Filter").fill("method=byol");
    await expect.poll(names).toEqual(["runs/b"]);
    await page.reload();
    await expect.poll(names).toEqual(["runs/b"]);
  });

  it("show the first figure beside the name on a phone", async () => {
    const page = await open("results", { width: 390 });
    const { x, width } = (await page.locator(".results tbody td.number").first().boundingBox())!;
    expect(x + width).toBeLessThanOrEqual(390);
  });

  it("are drawn against any setting", async () => {
    const page = await open("results");
    await page.getByRole("img", { name: "macroF1 against method: 2 results" }).waitFor();
    await expect.poll(() => page.locator(".result-scatter circle").count()).toBe(2);
    const words = await page.locator(".result-scatter text").allTextContents();
    const ticks = words.filter((word) => Number.isFinite(Number(word)));
    expect(ticks.length).toBeGreaterThan(2);
    for (const tick of ticks) expect(tick, "a round number").toMatch(/^-?\d(\.\d{1,2})?$/);
    await page.getByLabel("Setting", { exact: true }).selectOption("labels");
    await page.getByRole("img", { name: "macroF1 against labels: 2 results" }).waitFor();
  });
});

it.each(["light", "dark"] as const)(
  "axe finds nothing on runs and results, %s, on a desk and a phone",
  async (theme) => {
    for (const name of ["runs", "results"])
      for (const width of [390, 1440]) {
        const page = await open(name, { theme, width });
        await page.locator(".plot, .results").first().waitFor();
        expect(await violationsOf(page), `${name}, ${width} px`).toEqual([]);
        expect(await overhang(page)).toBeLessThanOrEqual(0);
        await page.context().close();
      }
  },
);
