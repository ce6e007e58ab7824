import { ArgumentError, liveTensors, noGrad, scope, sharedTensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { settledTensors } from "../../../../torch/test/garbage.ts";
import { Random } from "../../../src/lib/random.ts";
import type { Layout } from "../../../src/ssl/sampling/batch.ts";
import * as faceSwap from "../../../src/ssl/views/faceSwap.ts";
import { type Face, kernelSize, procrustes, swapLoops } from "./swapLoops.ts";
import { type DrawnFaces, synthFaces } from "./synthFaces.ts";

const ALWAYS = { probability: 1 };
const POINTS = 68 * 2;
/** Anchors and positives of two actors, each as two rows of a batch; then two other actors' faces. */
const ROWS = [
  [0, 0.5],
  [1, 0.5],
  [0, 1.7],
  [1, 1.9],
] as const;
const OTHERS = [
  [2, 1],
  [3, 2],
] as const;

function faceOf({ images, landmarks, size }: DrawnFaces, i: number): Face {
  const pixels = 3 * size * size;
  return {
    image: images.slice(i * pixels, (i + 1) * pixels),
    landmarks: landmarks.slice(i * POINTS, (i + 1) * POINTS),
  };
}

function framesOf(rows: DrawnFaces, identity: DrawnFaces, layout: Layout = "pairs"): faceSwap.SwapFrames {
  const clips = rows.landmarks.length / POINTS / (layout === "pairs" ? 2 : 4);
  return { clips, layout, frameSize: rows.size, landmarks: rows.landmarks, identity };
}

const imagesOf = ({ images, size }: DrawnFaces) =>
  sharedTensor(images, [images.length / 3 / size / size, 3, size, size]).clone();

function swapAll(rows: DrawnFaces, identity: DrawnFaces, layout: Layout = "pairs") {
  const draw = faceSwap.sample(framesOf(rows, identity, layout), ALWAYS, Random.fromSeed(1));
  const swapped = faceSwap.apply(imagesOf(rows), imagesOf(identity), draw).toTypedArray() as Float32Array;
  return { draw, swapped: { ...rows, images: swapped, landmarks: draw.landmarks } };
}

function differences(a: Float32Array, b: Float32Array) {
  const each = a.map((value, i) => Math.abs(value - b[i]!));
  return { mean: each.reduce((x, y) => x + y) / each.length, largest: each.reduce((x, y) => Math.max(x, y)) };
}

const small = { rows: synthFaces(40, ROWS), others: synthFaces(40, OTHERS) };

describe("a swap", () => {
  test.each([
    // At 40 px the blur is computed at every pixel, at 160 px at some, and interpolated.
    { size: 40, mean: 1e-3, largest: 0.05 },
    { size: 160, mean: 0.05, largest: 3 },
  ])("equals plain loops at $size px", ({ size, mean, largest }) => {
    const [rows, others] = [synthFaces(size, ROWS), synthFaces(size, OTHERS)];
    const { draw, swapped } = swapAll(rows, others);
    expect(draw.swaps.map(({ row, clip }) => [row, clip])).toEqual([
      [2, 0],
      [3, 1],
    ]);
    for (const [i, { row, clip, mask }] of draw.swaps.entries()) {
      const expected = swapLoops(faceOf(rows, row), faceOf(others, clip), size);
      expect(Array.from(mask, Boolean)).toEqual(expected.mask);
      expect(draw.swaps[i]!.kernelSize).toBe(kernelSize(faceOf(others, clip)));
      const difference = differences(faceOf(swapped, row).image, expected.image);
      expect(difference.mean).toBeLessThan(mean);
      expect(difference.largest).toBeLessThan(largest);
    }
  });

  test("leaves anchors alone, and gives both positives of a clip the clip's other person", () => {
    const { rows, others } = small;
    const one = { ...others, images: faceOf(others, 1).image, landmarks: faceOf(others, 1).landmarks };
    const { draw, swapped } = swapAll(rows, one, "quadruples");
    expect(draw.swaps.map(({ row, clip }) => [row, clip])).toEqual([
      [2, 0],
      [3, 0],
    ]);
    for (const row of [0, 1]) expect(faceOf(swapped, row)).toEqual(faceOf(rows, row));
    for (const row of [2, 3]) {
      const { image } = swapLoops(faceOf(rows, row), faceOf(others, 1), rows.size);
      expect(differences(faceOf(swapped, row).image, image).largest).toBeLessThan(0.05);
    }
  });

  test("has the expression's landmarks where the identity's face is", () => {
    const { rows, others } = small;
    const { swapped } = swapAll(rows, others);
    const back = procrustes(faceOf(others, 0), faceOf(rows, 2));
    const { landmarks } = faceOf(swapped, 2);
    const returned = Array.from({ length: 68 }, (_, i) => back([landmarks[2 * i]!, landmarks[2 * i + 1]!]));
    expect(returned.flat()).toBeAllclose(faceOf(rows, 2).landmarks, 1e-5);
  });

  test("keeps the identity's pixels where the expression's image has none", () => {
    const { rows, others } = small;
    // The face lies to the right of its image, so that half of it was never seen.
    const landmarks = rows.landmarks.map((value, i) => (i % 2 === 0 ? value + 15 : value));
    const { draw, swapped } = swapAll({ ...rows, landmarks }, others);
    const expected = swapLoops(
      { ...faceOf(rows, 2), landmarks: faceOf({ ...rows, landmarks }, 2).landmarks },
      faceOf(others, 0),
      40,
    );
    expect(expected.mask.filter(Boolean).length).toBeGreaterThan(0);
    expect(Array.from(draw.swaps[0]!.mask, Boolean)).toEqual(expected.mask);
    expect(differences(faceOf(swapped, 2).image, expected.image).largest).toBeLessThan(0.05);
  });

  test("of a black picture divides by nothing small, and of a bright one stays within 255", () => {
    const { rows, others } = small;
    for (const level of [0, 255]) {
      const images = rows.images.map((value) => (level === 0 ? 0 : value > 100 ? 255 : value / 8));
      const { draw, swapped } = swapAll({ ...rows, images }, others);
      const { image } = faceOf(swapped, 2);
      expect(image.every((value) => value >= 0 && value <= 255)).toBe(true);
      const inside = image.filter((_, i) => draw.swaps[0]!.mask[i % 1600] === 1);
      expect(Math.max(...inside)).toBe(level);
    }
  });

  test("frees what it makes", () => {
    const { rows, others } = small;
    const draw = faceSwap.sample(framesOf(rows, others), ALWAYS, Random.fromSeed(1));
    const [images, identities] = [imagesOf(rows), imagesOf(others)];
    const before = settledTensors();
    noGrad(() => scope(() => void faceSwap.apply(images, identities, draw)));
    faceSwap.apply(images, identities, draw);
    expect(liveTensors()).toBe(before);
  });
});

describe("drawing swaps", () => {
  const { rows, others } = small;

  test("happens to each positive by itself, as often as asked", () => {
    const [drawn, trials] = [[0, 0, 0], 400];
    for (let seed = 0; seed < trials; seed++) {
      const { swaps } = faceSwap.sample(framesOf(rows, others), { probability: 0.8 }, Random.fromSeed(seed));
      const isSwapped = [2, 3].map((row) => Number(swaps.some((swap) => swap.row === row)));
      drawn[0]! += isSwapped[0]!;
      drawn[1]! += isSwapped[1]!;
      drawn[2]! += isSwapped[0]! * isSwapped[1]!;
    }
    // Four standard deviations.
    for (const [i, p] of [0.8, 0.8, 0.64].entries())
      expect(Math.abs(drawn[i]! / trials - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / trials));
  });

  test("depends on the stream alone", () => {
    const of = (seed: number) =>
      Array.from({ length: 20 }, (_, i) =>
        faceSwap
          .sample(framesOf(rows, others), { probability: 0.5 }, Random.fromSeed(seed).fork(`${i}`))
          .swaps.map(({ row }) => row),
      );
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });

  test.each(["expression", "identity"] as const)(
    "leaves a row without landmarks of the %s, and counts it",
    (which) => {
      const without = (faces: DrawnFaces, face: number) => ({
        ...faces,
        landmarks: faces.landmarks.map((value, i) => (Math.floor(i / POINTS) === face ? Number.NaN : value)),
      });
      const { draw, swapped } =
        which === "expression" ? swapAll(without(rows, 2), others) : swapAll(rows, without(others, 0));
      expect(draw.skipped).toBe(1);
      expect(draw.swaps.map(({ row }) => row)).toEqual([3]);
      expect(faceOf(swapped, 2).image).toEqual(faceOf(rows, 2).image);
      expect(draw.landmarks.slice(0, 2 * POINTS)).toEqual(rows.landmarks.slice(0, 2 * POINTS));
    },
  );

  test("counts faces of one point, and faces beside their image, as having none", () => {
    const landmarks = rows.landmarks.slice();
    landmarks.fill(5, 2 * POINTS, 3 * POINTS);
    const beside = {
      ...others,
      landmarks: others.landmarks.map((value, i) => (i < POINTS ? value : value + 500)),
    };
    const { draw, swapped } = swapAll({ ...rows, landmarks }, beside);
    expect(draw.skipped).toBe(2);
    expect(swapped.images).toEqual(rows.images);
  });

  test("asks for other people's faces", () => {
    const { identity: _, ...frames } = framesOf(rows, others);
    expect(() => faceSwap.sample(frames, ALWAYS, Random.fromSeed(1))).toThrow(ArgumentError);
  });
});
