import { liveTensors, ops, scope } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { settledTensors } from "../../../../torch/test/garbage.ts";
import { Random } from "../../../src/lib/random.ts";
import { METHOD_COMPONENTS } from "../../../src/ssl/config/presets.ts";
import { type FrameBatch, positiveOffset, rowCount } from "../../../src/ssl/sampling/batch.ts";
import { uploadFrames } from "../../../src/ssl/views/frames.ts";
import { makeViews } from "../../../src/ssl/views/makeViews.ts";
import { normalize } from "../../../src/ssl/views/normalize.ts";
import { resize, workingSize } from "../../../src/ssl/views/resize.ts";
import type { ViewBatch } from "../../../src/ssl/views/viewBatch.ts";
import { deviations, noisyBatch, POINTS, settingsAt } from "./support.ts";

const allPieces = (size: number) => ({ ...settingsAt(size), ...METHOD_COMPONENTS["ssl-fer"] });
const views = (batch: FrameBatch, settings = allPieces(48), seed = 1): ViewBatch =>
  makeViews(batch, settings, Random.fromSeed(seed), "cpu");

/** The views without anything drawn: resized, cut out of the middle where there is no choice. */
const nothingDrawn = (size: number) => ({
  ...settingsAt(size),
  landmarkMaskProbability: 0,
  flipProbability: 0,
  ...{ brightness: 0, contrast: 0, saturation: 0, hue: 0 },
  blurProbability: 0,
  grayscaleProbability: 0,
});

describe.each([48, 64, 112])("at %i px", (size) => {
  // Frames larger than the working size, smaller than it, and of it.
  test.each([1.6, 0.6, 1])("from frames of %f of the working size", (share) => {
    const frameSize = Math.round(share * workingSize(size));
    const batch = noisyBatch(frameSize, { clips: 2 });
    const { images, layout, clips } = views(batch, allPieces(size));
    expect(images.shape).toEqual([8, 3, size, size]);
    expect(images.strides).toEqual([3 * size * size, 1, 3 * size, 3]);
    expect(ops.all(ops.isfinite(images)).item()).toBe(1);
    expect([layout, clips]).toEqual(["quadruples", 2]);
  });
});

test("with nothing to draw but the crop, every view is a part of its frame", () => {
  const batch = noisyBatch(30, { clips: 3, layout: "pairs" });
  const { images } = views(batch, nothingDrawn(24));
  const frames = uploadFrames(batch.images, { n: 6, size: 30, largest: 27, device: "cpu" });
  const whole = normalize(resize(frames, 27));
  for (let row = 0; row < 6; row++) {
    const places = [0, 1, 2, 3].flatMap((y) => [0, 1, 2, 3].map((x) => [y, x] as const));
    const distances = places.map(([y, x]) =>
      images
        .at(row)
        .sub(whole.at(row, [], [y, y + 24], [x, x + 24]))
        .abs()
        .max()
        .item(),
    );
    expect(Math.min(...distances)).toBeLessThan(1e-4);
  }
});

describe("draws", () => {
  const batch = noisyBatch(60, { clips: 8 });

  test("the same stream gives the same views, another one others", () => {
    const [first, again, other] = [views(batch), views(batch), views(batch, allPieces(48), 2)];
    expect(ops.equal(first.images, again.images)).toBe(true);
    expect(first.counts).toEqual(again.counts);
    expect(ops.equal(first.images, other.images)).toBe(false);
  });

  test("anchors' colours always change; positives' as often as asked", () => {
    const settings = { ...nothingDrawn(24), brightness: 0.4, jitterProbability: 0 };
    const plain = views(batch, nothingDrawn(24));
    const jittered = views(batch, settings);
    const changed = Array.from({ length: rowCount(batch) }, (_, row) =>
      Number(jittered.images.at(row).sub(plain.images.at(row)).abs().max().item() > 1e-4),
    );
    expect(changed).toEqual([...new Array(16).fill(1), ...new Array(16).fill(0)]);
  });

  test("a component's draws do not depend on which other components are on", () => {
    const alone = views(batch, { ...nothingDrawn(48), faceSwap: true, faceSwapProbability: 0 });
    expect(ops.equal(alone.images, views(batch, nothingDrawn(48)).images)).toBe(true);
  });
});

describe("components", () => {
  test("FaceSwap changes positives only, and is counted", () => {
    const batch = noisyBatch(55, { clips: 10 });
    const without = views(batch, nothingDrawn(48));
    const swapped = views(batch, { ...nothingDrawn(48), faceSwap: true, faceSwapProbability: 0.5 });
    const differs = Array.from(
      { length: 40 },
      (_, row) => !ops.equal(swapped.images.at(row), without.images.at(row)),
    );
    expect(differs.slice(0, positiveOffset(batch))).not.toContain(true);
    expect(differs.filter((is) => is).length).toBe(swapped.counts.swapped);
    expect(swapped.counts.swapped).toBeGreaterThan(4);
    expect(swapped.counts.swapped).toBeLessThan(16);
  });

  test("faces without landmarks are neither swapped nor masked, have no feature, and are counted", () => {
    const batch = noisyBatch(55, { clips: 4 });
    batch.landmarks.fill(Number.NaN);
    batch.features.fill(Number.NaN, 0, 3 * batch.featureLength);
    const settings = { ...allPieces(48), faceSwapProbability: 1, landmarkMaskProbability: 1 };
    const { counts, hasFeature, features } = views(batch, settings);
    expect(counts).toEqual({ swapped: 0, swapSkipped: 8, maskSkipped: 16 });
    expect(hasFeature.toArray()).toEqual([...new Array(3).fill(0), ...new Array(13).fill(1)]);
    expect(features.at([0, 3]).abs().max().item()).toBe(0);
  });

  test("a swapped face is masked where it has gone", () => {
    const batch = noisyBatch(55, { clips: 1, layout: "pairs" });
    const settings = { ...nothingDrawn(48), faceSwap: true, faceSwapProbability: 1 };
    const unmasked = views(batch, settings);
    const masked = views(batch, { ...settings, landmarkMaskProbability: 1 });
    expect([unmasked.counts.swapped, masked.counts.maskSkipped]).toEqual([1, 0]);
    const covered = ops.ne(unmasked.images, masked.images).to({ dtype: "float32" }).mean([1, 2, 3]).toArray();
    for (const share of covered as number[]) expect(share).toBeGreaterThan(0.05);
  });

  test("features are of length one, and a swap changes nothing about them", () => {
    const batch = noisyBatch(55);
    const { features, hasFeature } = views(batch);
    const raw = [...batch.features];
    const length = batch.featureLength;
    const expected = raw.map((value, i) => {
      const row = Math.floor(i / length) * length;
      return value / Math.hypot(...raw.slice(row, row + length));
    });
    expect(features).toBeAllclose(expected);
    expect(ops.all(hasFeature).item()).toBe(1);
  });

  test("maskFnProbability says how many rows have a feature, and changes nothing else", () => {
    const batch = noisyBatch(55, { clips: 50 });
    const settings = nothingDrawn(16);
    const at = (maskFnProbability: number) => views(batch, { ...settings, maskFnProbability });
    const [none, some, all] = [at(0), at(0.3), at(1)];
    const known = ({ hasFeature }: ViewBatch) => hasFeature.to({ dtype: "float32" }).sum().item();
    expect([known(none), known(all)]).toEqual([0, 200]);
    expect(deviations(known(some), 200, 0.3)).toBeLessThan(4);
    expect(none.features.abs().max().item()).toBe(0);
    expect(ops.equal(some.features, all.features.mul(some.hasFeature.unsqueeze(1)))).toBe(true);
    for (const { images } of [none, some]) expect(ops.equal(images, all.images)).toBe(true);
  });

  test("CutMix exchanges patches among positives and says what is kept", () => {
    const batch = noisyBatch(55, { clips: 6 });
    const plain = views(batch, nothingDrawn(48));
    const { images, mix } = views(batch, { ...nothingDrawn(48), cutMix: true });
    expect(plain.mix).toBe(undefined);
    const half = positiveOffset(batch);
    expect(ops.equal(ops.narrow(images, 0, 0, half), ops.narrow(plain.images, 0, 0, half))).toBe(true);
    const partner = mix!.partner.toArray() as number[];
    const kept = mix!.kept.toArray() as number[];
    expect([partner.length, kept.length]).toEqual([half, half]);
    for (let i = 0; i < half; i++) {
      const equalTo = (row: number) =>
        ops
          .eq(images.at(half + i), plain.images.at(half + row))
          .to({ dtype: "float32" })
          .mean()
          .item();
      // One noise value in 256 is like another by chance.
      expect(Math.abs(equalTo(i) - kept[i]!)).toBeLessThan(0.01);
      expect(Math.abs(equalTo(partner[i]!) - 1 + kept[i]!)).toBeLessThan(0.01);
    }
  });
});

test("frees what it makes, and leaves the batch as it was", () => {
  const batch = noisyBatch(60);
  const bytes = () =>
    Buffer.concat(
      [batch.images, batch.landmarks, batch.identity!.images].map(
        ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
      ),
    );
  const before = bytes();
  const live = settledTensors();
  const { images, features, hasFeature } = views(batch, { ...allPieces(48), cutMix: false });
  expect(liveTensors()).toBe(live + [images, features, hasFeature].length);
  expect(bytes().equals(before)).toBe(true);
});

test("the batch's arrays may be reused once the views are made", () => {
  const batch = noisyBatch(60, { clips: 2 });
  const made = views(batch);
  const kept = scope(() => [made.images.clone(), made.features.clone()]);
  batch.images.fill(0);
  batch.features.fill(0);
  batch.landmarks.fill(0, 0, POINTS);
  expect(ops.equal(made.images, kept[0]!)).toBe(true);
  expect(ops.equal(made.features, kept[1]!)).toBe(true);
});
