import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveTensors } from "@duchenne/torch";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settledTensors } from "../../../../torch/test/garbage.ts";
import { Random } from "../../../src/lib/random.ts";
import {
  type Facts,
  falseNegativeGroup,
  frameGroup,
  swapGroup,
  viewGroup,
} from "../../../src/report/preview/groups.ts";
import { drawViewsSheet } from "../../../src/report/preview/sheet.ts";
import { BLOCKS } from "../../../src/ssl/sampling/batch.ts";
import { denormalize, makeViews } from "../../../src/ssl/views/index.ts";
import { duchenne } from "../../data/prepare/support.ts";
import { tinyConfig, writeTinyStore } from "../../ssl/train/tinyStore.ts";
import { noisyBatch } from "../../ssl/views/support.ts";

const config = tinyConfig({ size: 16, batch: 4, maskFnCount: 2 });
const folder = mkdtempSync(join(tmpdir(), "duchenne-sheet-"));
const store = join(folder, "store");
beforeAll(() => writeTinyStore(store));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a sheet", () => {
  it("has a section for each batch and a row for each clip, and leaves no tensors", async () => {
    const before = settledTensors();
    const small = await drawViewsSheet(store, config, { batches: 1, clips: 2 });
    const large = await drawViewsSheet(store, config, { batches: 2, clips: 3 });
    expect(liveTensors()).toBe(before);
    const [one, two] = [await loadImage(small.png), await loadImage(large.png)];
    expect(one.width).toBe(two.width);
    const again = await drawViewsSheet(store, config, { batches: 1, clips: 2 });
    expect(again.png.equals(small.png)).toBe(true);
    expect(two.height).toBeGreaterThan(1.8 * one.height);
    const canvas = createCanvas(one.width, one.height);
    canvas.getContext("2d").drawImage(one, 0, 0);
    const colours = new Set(new Uint32Array(canvas.data().buffer));
    expect(colours.size).toBeGreaterThan(500);
  });

  it("has only the columns of the components that are on", async () => {
    const settings = { ...config, hardNeg: false, faceSwap: false, maskFn: false };
    const { png } = await drawViewsSheet(store, settings, { batches: 1, clips: 2 });
    const all = await drawViewsSheet(store, config, { batches: 1, clips: 2 });
    expect((await loadImage(png)).width).toBeLessThan(0.5 * (await loadImage(all.png)).width);
  });
});

describe("a sheet's columns", () => {
  const batch = noisyBatch(24);
  const row = (block: number, clip: number) => block * batch.clips + clip;
  const facts: Facts = (key) => ({ timeSeconds: 10 - key / 2, expression: key % 2 === 0 ? "happy" : null });
  const stream = () => Random.fromSeed(5);
  const pixelsOf = (i: number) => batch.images.subarray(i * 24 * 24 * 3, (i + 1) * 24 * 24 * 3);

  it("are the frames, each next to its positive, with times after the anchor's and labels", () => {
    const { columns, tiles } = frameGroup(batch, facts);
    expect(columns).toEqual(["anchor", "positive", "hard negative", "its positive"]);
    const clip = 1;
    const [anchor, hardNegative, positive, itsPositive] = BLOCKS.quadruples.map((_, block) =>
      row(block, clip),
    );
    const shown = tiles(clip);
    expect(shown.map(({ pixels }) => pixels)).toEqual(
      [anchor, positive, hardNegative, itsPositive].map((i) => pixelsOf(i!)),
    );
    expect(shown.map(({ caption }) => caption)).toEqual(["at 9.5 s", "−4.0 s", "−2.0 s", "−6.0 s"]);
    expect(tiles(0)[0]!.caption).toBe("at 10.0 s, happy");
  });

  it("are the swapped faces: those that the views have, the others pale", () => {
    const views = makeViews(batch, config, stream(), "cpu");
    const { columns, tiles } = swapGroup(batch, config, stream());
    expect(columns).toEqual(["other person", "positive's face", "its positive's face"]);
    const all = [0, 1, 2, 3].flatMap((clip) =>
      tiles(clip)
        .slice(1)
        .map((tile, i) => ({ ...tile, of: row(2 + i, clip) })),
    );
    const carried = all.filter(({ isPale }) => !isPale);
    expect(carried).toHaveLength(views.counts.swapped);
    expect(carried.every(({ caption }) => caption === "carried over")).toBe(true);
    for (const { pixels, of, isPale } of all) expect(Buffer.compare(pixels, pixelsOf(of)) === 0).toBe(isPale);
  });

  it("are the views as the network gets them, made visible again", () => {
    const views = makeViews(batch, config, stream(), "cpu");
    const visible = denormalize(views.images).toArray() as number[][][][];
    const [, positive] = viewGroup(batch, views).tiles(3);
    const [x, y, channel] = [5, 11, 2];
    expect(positive!.pixels[(y * 16 + x) * 3 + channel]).toBe(
      Math.min(255, Math.max(0, Math.round(visible[row(2, 3)]![channel]![y]![x]!))),
    );
  });

  it("say of CutMix how much is each image's own", () => {
    const mixed = { ...config, cutMix: true };
    const views = makeViews(batch, mixed, stream(), "cpu");
    const kept = views.mix!.kept.toArray() as number[];
    const captions = viewGroup(batch, views)
      .tiles(2)
      .map(({ caption }) => caption);
    expect(captions).toEqual([
      "",
      `${Math.round(100 * kept[2]!)} % its own`,
      "",
      `${Math.round(100 * kept[6]!)} % its own`,
    ]);
  });

  it("are the false negatives: the nearest by cosine among the other clips", () => {
    const views = makeViews(batch, config, stream(), "cpu");
    const features = views.features.toArray() as number[][];
    const { columns, tiles } = falseNegativeGroup(batch, views, config, () => ({
      timeSeconds: 0,
      expression: null,
    }));
    expect(columns).toEqual([...Array(2).fill("of the anchor"), ...Array(2).fill("of the hard negative")]);
    const cosine = (a: number, b: number) =>
      features[a]!.reduce((sum, value, i) => sum + value * features[b]![i]!, 0);
    const others = [...features.keys()].filter((other) => other % 4 !== 1);
    const ranked = others.sort((a, b) => cosine(1, b) - cosine(1, a)).slice(0, 2);
    expect(tiles(1).slice(0, 2)).toMatchObject(
      ranked.map((other) => ({ pixels: pixelsOf(other), caption: `cosine ${cosine(1, other).toFixed(2)}` })),
    );
  });

  it("show the anchor itself, pale, where nothing was found", () => {
    const features = batch.features.slice().fill(Number.NaN);
    const views = makeViews({ ...batch, features }, config, stream(), "cpu");
    const [tile] = falseNegativeGroup(batch, views, config, facts).tiles(2);
    expect(tile).toMatchObject({ pixels: pixelsOf(2), caption: "none found", isPale: true });
  });
});

describe("duchenne views", () => {
  it("writes the picture, and with the run's settings the run's first batch", async () => {
    const out = join(folder, "sheet.png");
    const flags = ["--preset", "tiny", "--size", "16", "--seed", "7", "--no-mask-fn", "--clips", "2"];
    const { code, stdout, stderr } = await duchenne(["views", store, "--out", out, ...flags]);
    expect([code, stdout]).toEqual([0, `${out}\n`]);
    expect(stderr).toBe("");
    // Twelve clips do not fill the preset's batch of 64: it is all of them.
    const settings = tinyConfig({ size: 16, seed: 7, maskFn: false, batch: 12 });
    const { png } = await drawViewsSheet(store, settings, { batches: 1, clips: 2 });
    expect(png.equals(readFileSync(out))).toBe(true);
  });

  it.each([
    [["--batch", "50"], 1, /expected at least 50 usable clips/],
    [["--size", "4"], 2, /--size: expected at least 16, received 4/],
  ])("refuses %j and writes nothing", async (flags, expected, message) => {
    const out = join(folder, "refused", "sheet.png");
    const { code, stderr } = await duchenne(["views", store, "--out", out, ...flags]);
    expect(code).toBe(expected);
    expect(stderr).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  it("names a place it cannot write to, and leaves nothing there", async () => {
    const { code, stderr } = await duchenne(["views", store, "--out", folder]);
    expect(code).toBe(2);
    expect(stderr).toContain(folder);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`${folder.split("/").at(-1)}.`))).toEqual(
      [],
    );
  });
});
