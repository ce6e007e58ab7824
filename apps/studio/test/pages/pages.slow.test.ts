/** Every page of the studio in a real browser, with real small runs. */
import { join } from "node:path";
import { mediaKindOfName } from "@duchenne/face";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import {
  filesUnder,
  hasRealClips,
  REAL_CLIPS,
} from "../../../../packages/duchenne/test/deploy/export/parityFrames.ts";
import { describeBatch } from "./batchPage.ts";
import { launchWithCamera, openPage } from "./browserPages.ts";
import { describeEveryPage } from "./everyPage.ts";
import { makeFolder, type StudioFolder, startStudio, writeCameraFilm } from "./fixture.ts";
import { describeMap } from "./mapPage.ts";
import { describeMirror } from "./mirrorPage.ts";
import { describeRuns } from "./runsPage.ts";
import type { Visit } from "./visit.ts";

const SETUP_MS = 240_000;

let made: StudioFolder;
let studio: Awaited<ReturnType<typeof startStudio>>;
let browser: Browser;

beforeAll(async () => {
  made = await makeFolder();
  const camera = join(made.folder, "camera.mjpeg");
  const isFilm = (name: string) => mediaKindOfName(name) === "film";
  await writeCameraFilm(hasRealClips ? filesUnder(REAL_CLIPS, isFilm)[0]! : made.film, camera);
  [studio, browser] = await Promise.all([startStudio(made.folder), launchWithCamera(camera)]);
}, SETUP_MS);
afterAll(async () => {
  await browser.close();
  expect(await studio.stop()).toBe(0);
});

const visit: Visit = {
  made: () => made,
  browser: () => browser,
  open: (hash, look) => openPage(browser, `${studio.url}#/${hash}`, look),
};

<<<<<<< HEAD
describe("runs", () => {
  it("shows curves of the newest, and compares several with the settings that differ", async () => {
    const page = await open("runs");
    const loss = page.getByRole("img", { name: /^Loss: runs\/\S+ [\d.]+$/ });
    await loss.waitFor();
    expect(await page.locator(".plot").count()).toBe(6);
    const first = await loss.getAttribute("aria-label");
    await page
      .getByRole("checkbox", { name: /runs\// })
      .nth(1)
      .check();
    const both = page.getByRole("img", {
      name: /^Loss: .*ssl-fer [\d.]+, .*simclr [\d.]+|^Loss: .*simclr [\d.]+, .*ssl-fer [\d.]+/,
    });
    await both.waitFor();
    expect(first).toContain(newestLoss(first!.includes("simclr") ? "simclr" : "ssl-fer"));
    const differing = page.locator("tr.differs");
    expect(await differing.getByRole("rowheader").allTextContents()).toContain("--method");
    const method = differing.filter({ hasText: "--method" }).getByRole("cell");
    expect((await method.allTextContents()).sort()).toEqual(["simclr", "ssl-fer"]);
    expect(await page.locator(".settings tr:not(.differs) td").count()).toBe(0);
    await page.getByLabel("also what is the same").check();
    expect(await page.getByRole("row", { name: /--temperature/ }).count()).toBe(1);
  });

  /** As a curve's description tells it: three digits of the log's last line. */
  function newestLoss(run: string): string {
    const lines = readFileSync(join(made.folder, "runs", run, "metrics.jsonl"), "utf8")
      .trim()
      .split("\n");
    const { loss } = JSON.parse(lines.at(-1)!) as { loss: number };
    return String(Number(loss.toPrecision(3)));
  }

  it("grows while a run trains, and says so", async () => {
    const out = join(made.folder, "runs", "live");
    const settings = [
      "--preset",
      "tiny",
      "--batch",
      "6",
      "--steps",
      "100000",
      "--warmup-steps",
      "2",
      "--log-every",
      "1",
    ];
    const training = start([
      "pretrain",
      made.store,
      "--out",
      out,
      ...settings,
      "--threads",
      "1",
      "--workers",
      "0",
    ]);
    const ended = new Promise((resolve) => training.once("exit", resolve));
    onTestFinished(async () => {
      training.kill("SIGKILL");
      await ended;
    });
    const page = await open("runs");
    const card = page.locator(".run-card", { hasText: "runs/live" });
    await card.getByText("training").waitFor();
    await card.click();
    const updates = async () =>
      Number((await card.textContent())!.match(/([\d,]+) of 100,000/)![1]!.replace(",", ""));
    await expect.poll(updates, { timeout: 20_000 }).toBeGreaterThan(1);
    const before = await updates();
    const curve = page.getByRole("img", { name: /^Loss: .*live [\d.]+/ });
    const shown = await curve.getAttribute("aria-label");
    await expect.poll(updates, { timeout: 20_000 }).toBeGreaterThan(before);
    await expect.poll(() => curve.getAttribute("aria-label"), { timeout: 20_000 }).not.toBe(shown);
    training.kill("SIGKILL");
    await expect.poll(() => card.getByText("training").count(), { timeout: 20_000 }).toBe(0);
  });
});

describe("batch", () => {
  it("shows what the network sees, and the clip's frames under a slider that the arrow keys move", async () => {
    const page = await open("batch");
    await page.getByLabel("Run").selectOption("runs/ssl-fer");
    const clip = page.locator(".clip").first();
    await clip.getByText("MaskFN: false negatives").waitFor();
    expect(await clip.locator(".group h3").allTextContents()).toEqual([
      "Frames",
      "FaceSwap",
      "What the network sees",
      "MaskFN: false negatives",
    ]);
    expect(await page.locator(".clip").count()).toBe(6);
    await expect.poll(() => isShown(page, ".tile img")).toBe(true);
    await expect.poll(() => isShown(page, ".player img")).toBe(true);
    const slider = clip.getByRole("slider", { name: "Time in the clip" });
    const picture = clip.locator(".player img");
    await slider.press("Home");
    const [start, first] = [await picture.getAttribute("src"), await slider.getAttribute("aria-valuetext")];
    await slider.press("ArrowRight");
    expect(first).toBe("0.0 seconds");
    expect(await slider.getAttribute("aria-valuetext")).toBe("0.2 seconds");
    expect(await picture.getAttribute("src")).not.toBe(start);
    await clip.getByRole("button", { name: "Play" }).click();
    await expect.poll(() => slider.getAttribute("aria-valuetext")).not.toBe("0.2 seconds");

    const tile = page.locator(".tile img").first();
    const before = await tile.getAttribute("src");
    await page.getByRole("button", { name: "The next batch" }).click();
    await expect.poll(() => tile.getAttribute("src")).not.toBe(before);
    expect(await page.getByText(/^Batch 2:/).count()).toBe(1);
  });
});

describe("map", () => {
  it("puts faces where the run's network has them, by any label, with the neighbours of the one chosen", async () => {
    const page = await open("map");
    const map = page.getByRole("img", { name: /A map of \d+ faces/ });
    await map.waitFor();
    const legend = page.locator(".legend");
    expect(await legend.textContent()).toMatch(/happy/);
    await page.getByLabel("Colour").selectOption("Person");
    expect(await legend.textContent()).toMatch(/actor0000/);
    await page.getByLabel("Colour").selectOption("Valence");
    await page.locator(".ramp").waitFor();

    await map.press("ArrowRight"); // the first face
    const neighbours = page.locator(".neighbours");
    await neighbours.waitFor();
    await expect.poll(() => isShown(page, ".neighbours ol img")).toBe(true);
    const cosines = async () => (await neighbours.locator("ol .muted").allTextContents()).map(Number);
    expect(await cosines()).toHaveLength(12);
    expect(await cosines()).toEqual([...(await cosines())].sort((a, b) => b - a));
    const person = await neighbours.locator("strong").textContent();
    for (const other of await neighbours.locator("ol img").all())
      expect(await other.getAttribute("alt")).not.toContain(person); // of other clips, and each person has one
    await neighbours.getByLabel("in the same clip").check();
    for (const other of await neighbours.locator("ol img").all())
      expect(await other.getAttribute("alt")).toContain(person);
    const before = await neighbours.locator(".chosen img").getAttribute("src");
    await neighbours.locator("ol button").first().click();
    await expect.poll(() => neighbours.locator(".chosen img").getAttribute("src")).not.toBe(before);
    await map.press("Escape");
    expect(await neighbours.count()).toBe(0);

    await hoverAFace(page);
    await expect.poll(() => isShown(page, ".face-tip img")).toBe(true);
  });

  it("zooms and moves, leaves out what the legend or a person's name says, and shows the faces inside a line", async () => {
    const page = await open("map");
    const map = page.getByRole("img", { name: /A map of \d+ faces/ });
    await map.waitFor();
    await page.getByRole("button", { name: "Closer" }).click();
    await page.getByRole("button", { name: "Whole map" }).click();
    const happy = page.locator(".legend button", { hasText: "happy" });
    await happy.click();
    expect(await happy.getAttribute("aria-pressed")).toBe("false");
    expect(await page.evaluate<string>("location.hash")).toContain("without=happy");
    await happy.click();
    await page.getByLabel("Person").fill("actor0000");
    await page.evaluate("scrollTo(0, 0)");
    const { x, y, width, height } = (await page.locator(".scatter canvas").boundingBox())!;
    await page.keyboard.down("Shift");
    await page.mouse.move(x + 8, y + 8);
    await page.mouse.down();
    for (const [dx, dy] of [
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ] as const)
      await page.mouse.move(x + 8 + dx * (width - 16), y + 8 + dy * (height - 16), { steps: 2 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    const sheet = page.getByRole("region", { name: "Faces inside the line" });
    await sheet.waitFor();
    for (const face of await sheet.getByRole("img").all())
      expect(await face.getAttribute("alt")).toContain("actor0000");
  });

  /** Moves over the map until a face shows. */
  async function hoverAFace(page: Page): Promise<void> {
    const { x, y, width, height } = (await page.locator(".scatter canvas").boundingBox())!;
    for (let i = 0; i < 2500; i++) {
      await page.mouse.move(x + ((i % 50) / 50) * width, y + (Math.floor(i / 50) / 50) * height);
      if ((await page.locator(".face-tip").count()) > 0) return;
    }
  }
});

describe("mirror", () => {
  const film = hasRealClips ? "a clip of a real person" : "a synthetic film: REAL CLIPS MISSING";

  it(`says what the model makes of the camera's picture: ${film}`, async () => {
    const page = await open("mirror");
    await page.getByRole("button", { name: "Use the camera" }).click();
    await page.locator(".bars .first").waitFor();
    await page.waitForTimeout(4000);
    // At one moment: the bars go on moving.
    const [first, ...shares] = await page.evaluate<number[]>(
      "['.first output', 'output'].flatMap((which) => [...document.querySelectorAll('.bars ' + which)]).map((one) => Number.parseInt(one.textContent, 10))",
    );
    expect(shares).toHaveLength(8);
    const total = shares.reduce((sum, share) => sum + share, 0);
    expect(total).toBeGreaterThanOrEqual(96); // each is rounded
    expect(total).toBeLessThanOrEqual(104);
    expect(first).toBe(Math.max(...shares));
    await page
      .getByRole("img", { name: /Valence and arousal: valence [+−]?\d\.\d\d, arousal [+−]?\d\.\d\d/ })
      .waitFor();
    expect(await page.getByText("No face found.").count()).toBe(0);
    const pace = (await page.locator(".pace").textContent())!;
    console.info(`mirror, headless, WebAssembly: ${pace}`);
    expect(Number.parseInt(pace, 10)).toBeGreaterThanOrEqual(2);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Use the camera" }).waitFor();
  });

  it("says what the model learned from, and shows a label that is always the bars' own", async () => {
    const page = await open("mirror");
    expect(await page.getByRole("note").textContent()).toMatch(/^Learned from drawn faces alone/);
    expect(await page.locator(".model-note .note").textContent()).toMatch(
      /models\/happy.*drawn actors.*[Mm]acro F1/,
    );
    // The label is drawn: what was written last on a canvas of the stage.
    await page.evaluate(`
      const write = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        if (this.canvas.closest(".overlay") && / %$/.test(text)) window.label ??= text;
        return write.call(this, text, ...place);
      };
      const size = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, "width");
      Object.defineProperty(HTMLCanvasElement.prototype, "width", {
        ...size,
        set(value) {
          if (this.closest(".overlay")) window.label = undefined;
          size.set.call(this, value);
        },
      });
    `);
    await page.getByRole("button", { name: "Use the camera" }).click();
    await page.locator(".bars .first").waitFor();
    const differing = await page.evaluate<string[]>(`
      new Promise((resolve) => {
        const differing = [];
        let samples = 0;
        const sample = () => {
          const first = document.querySelector(".bars .first");
          const bar = first && first.querySelector("span").textContent + " " + first.querySelector("output").textContent;
          if (window.label !== (bar ?? undefined)) differing.push(window.label + " / " + bar);
          if (++samples < 40) setTimeout(sample, 53);
          else resolve(differing);
        };
        sample();
      })
    `);
    expect(differing).toEqual([]);
  });

  it("goes through a film by frames and keeps a row for each, ranges left out", async () => {
    const page = await open("mirror");
    await page.locator("input[type=file]").setInputFiles(made.film);
    await page.locator(".bars .first").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    const slider = page.getByRole("slider", { name: "Time in the film" });
    const seek = async (seconds: number) => {
      await slider.evaluate((element, value) => {
        (element as unknown as { value: string }).value = String(value);
        element.dispatchEvent(new Event("input", { bubbles: true }));
      }, seconds);
      await expect.poll(async () => Math.abs((await shownAt()) - seconds)).toBeLessThan(0.1);
    };
    const shownAt = async () => Number.parseFloat((await slider.getAttribute("aria-valuetext"))!);
    await seek(1.02);
    const before = await shownAt();
    await page.getByRole("button", { name: "The next frame" }).click();
    await expect.poll(shownAt).toBeGreaterThan(before);
    expect((await shownAt()) - before).toBeLessThan(0.1);
    const at = await shownAt();
    const [name, share] = [
      await page.locator(".bars .first span").textContent(),
      await page.locator(".bars .first output").textContent(),
    ];
    const rows = async () => {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save CSV" }).click(),
      ]);
      const [head, ...lines] = readFileSync((await file.path())!, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(","));
      return lines.map((line) => Object.fromEntries(head!.map((column, i) => [column, line[i]!])));
    };
    const row = (await rows()).find(({ time }) => Math.abs(Number(time) - at) < 0.006)!;
    expect(Object.keys(row).slice(0, 9)).toEqual([
      "path",
      "frame",
      "time",
      "track",
      "left",
      "top",
      "width",
      "height",
      "expression",
    ]);
    expect(row.expression).toBe(name);
    expect(`${Math.round(100 * Number(row[`p_${name}`]))} %`).toBe(share);
    await seek(0.9);
    await page.getByRole("button", { name: "Leave out from here" }).click();
    await seek(1.3);
    await page.getByRole("button", { name: /^Leave out from 0\.\d+ s to here/ }).click();
    expect((await rows()).some(({ time }) => Number(time) > 0.95 && Number(time) < 1.25)).toBe(false);
  });

  it("lets go of the camera when the page is left, also while it opens", async () => {
    const page = await open("runs");
    // Cameras take a moment: this one opens when the test says so.
    await page.evaluate(`
      const devices = navigator.mediaDevices;
      const ask = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (wish) => {
        window.camera = await ask(wish);
        await new Promise((resolve) => (window.letOpen = resolve));
        return window.camera;
      };
    `);
    await page.keyboard.press("4");
    await page.getByRole("button", { name: "Use the camera" }).click();
    await expect.poll(() => page.evaluate("typeof letOpen")).toBe("function");
    await page.keyboard.press("1");
    await page.getByRole("button", { name: "Use the camera" }).waitFor({ state: "detached" });
    await page.evaluate("letOpen()");
    const states = () => page.evaluate<string[]>("camera.getTracks().map(({ readyState }) => readyState)");
    await expect.poll(states).toEqual(["ended"]);
  });

  it("takes a picture and a film that are opened, and says what is neither", async () => {
    const page = await open("mirror");
    const input = page.locator("input[type=file]");
    const still = readFileSync(join(made.folder, "camera.mjpeg"));
    const end = still.indexOf(Buffer.from([0xff, 0xd9])) + 2;
    await input.setInputFiles({ name: "face.jpg", mimeType: "image/jpeg", buffer: still.subarray(0, end) });
    await page.locator(".bars .first").waitFor();
    expect(await page.locator(".pace").count()).toBe(0);
    await input.setInputFiles({
      name: "notes.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("no picture"),
    });
    expect(await page.getByRole("alert").textContent()).toMatch(/^notes\.txt: this browser cannot show it/);
    await input.setInputFiles(made.film);
    await page.locator(".pace").waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

describe("every page", () => {
  it.each(PAGES)("%s fits a phone and a desk, light and dark", async (name) => {
    for (const theme of ["light", "dark"] as const)
      for (const width of [390, 1440]) {
        const page = await open(name, { theme, width, height: 844 });
        expect(await overhang(page), `${theme}, ${width} px`).toBeLessThanOrEqual(0);
        expect(await violationsOf(page), `${theme}, ${width} px`).toEqual([]);
        const ground = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
        expect(ground).toBe(theme === "light" ? "rgb(250, 248, 244)" : "rgb(21, 19, 17)");
        await page.context().close();
      }
  });

  it("is reached by keys: numbers, tab, ? and Escape; the theme is kept", async () => {
    const page = await open("runs");
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys and pages" });
    await help.waitFor();
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    await page.keyboard.press("3");
    await page.getByRole("heading", { name: "Map" }).waitFor();
    await page.keyboard.press("1");
    await page.keyboard.press("Tab");
    expect(await page.evaluate<string>("document.activeElement.textContent")).toMatch(/Skip to the page/);
    await page.getByRole("button", { name: "Use the dark theme" }).click();
    await page.reload();
    expect(await page.evaluate<string>("document.documentElement.dataset.theme")).toBe("dark");
  });

  it("says what to run where there is nothing yet", async () => {
    const empty = await startStudio(lastingFolder());
    onTestFinished(async () => void (await empty.stop()));
    for (const [name, command] of [
      ["runs", "duchenne pretrain"],
      ["batch", "duchenne pretrain"],
      ["map", "duchenne pretrain"],
      ["results", "duchenne probe"],
    ] as const) {
      const page = await openPage(browser, `${empty.url}#/${name}`);
      expect(await page.locator(".empty pre").textContent()).toContain(command);
      await page.context().close();
    }
    // The installed model is there at once.
    const mirror = await openPage(browser, `${empty.url}#/mirror`);
    await mirror.getByRole("button", { name: "Use the camera" }).click();
    await mirror.locator(".bars .first").waitFor();
    expect(await mirror.locator(".model-note .note").textContent()).toMatch(/^@duchenne\/model-fer \d/);
  });
});
=======
describeRuns(visit);
describeBatch(visit);
describeMap(visit);
describeMirror(visit);
describeEveryPage(visit);
>>>>>>> pages
