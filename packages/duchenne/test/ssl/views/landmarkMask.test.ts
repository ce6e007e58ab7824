import { ops } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import * as landmarkMask from "../../../src/ssl/views/landmarkMask.ts";
import { deviations, noise, POINTS, reader, scattered } from "./support.ts";

const SIDE = 56;
/** 10 px of 224. */
const GROWTH = 2.5;

/** Bounding box of a region's landmarks, as method.md has it. */
function box(landmarks: Float32Array, image: number, [first, last]: readonly [number, number]) {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let point = first; point <= last; point++) {
    xs.push(landmarks[2 * (image * POINTS + point)]!);
    ys.push(landmarks[2 * (image * POINTS + point) + 1]!);
  }
  const [left, right] = [Math.min(...xs) - GROWTH, Math.max(...xs) + GROWTH];
  const [top, bottom] = [Math.min(...ys) - GROWTH, Math.max(...ys) + GROWTH];
  return { left, right, top, bottom };
}

test("covers the ellipse in a region's grown box with the mean colour, and nothing else", () => {
  const n = 12;
  const images = noise(n, SIDE);
  const landmarks = scattered(n, SIDE);
  const { ellipses } = landmarkMask.sample(landmarks, SIDE, 0.7, Random.fromSeed(3));
  const [before, after] = [reader(images), reader(landmarkMask.apply(images.clone(), ellipses))];
  const means = images.mean([2, 3]).toArray() as number[][];
  let [covered, worst] = [0, 0];
  for (const [i, ellipse] of ellipses.entries()) {
    const boxes = Object.values(landmarkMask.MASK_REGIONS).map((region) => box(landmarks, i, region));
    const own = boxes.find(({ left, right }) => ellipse && Math.abs((left + right) / 2 - ellipse.x) < 1e-4);
    expect(own === undefined).toBe(ellipse === null);
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const square = own
          ? ((2 * x - own.left - own.right) / (own.right - own.left)) ** 2 +
            ((2 * y - own.top - own.bottom) / (own.bottom - own.top)) ** 2
          : Number.POSITIVE_INFINITY;
        if (Math.abs(square - 1) < 1e-3) continue; // on the edge, where rounding decides
        covered += square < 1 ? 1 : 0;
        for (const channel of [0, 2]) {
          const expected = square < 1 ? means[i]![channel]! : before(i, channel, y, x);
          worst = Math.max(worst, Math.abs(after(i, channel, y, x) - expected));
        }
      }
  }
  expect(covered).toBeGreaterThan(1000);
  expect(worst).toBeLessThan(1e-3);
});

describe("draws", () => {
  const n = 6000;

  test("each region as often, afresh for every image, as often as asked", () => {
    // Each region's landmarks at a place of their own, so that the ellipse tells the region.
    const face = new Float32Array(POINTS * 2);
    Object.values(landmarkMask.MASK_REGIONS).forEach(([first, last], region) => {
      face.fill(10 * (region + 1), 2 * first, 2 * last + 2);
    });
    const landmarks = new Float32Array(n * POINTS * 2);
    for (let i = 0; i < n; i++) landmarks.set(face, i * POINTS * 2);
    const { ellipses, skipped } = landmarkMask.sample(landmarks, SIDE, 0.8, Random.fromSeed(1));
    expect(skipped).toBe(0);
    expect(deviations(ellipses.filter((ellipse) => ellipse === null).length, n, 0.2)).toBeLessThan(4);
    for (const place of [10, 20, 30])
      expect(deviations(ellipses.filter((ellipse) => ellipse?.x === place).length, n, 0.8 / 3)).toBeLessThan(
        4,
      );
  });

  test("faces without landmarks stay as they are, and are counted", () => {
    const images = noise(4, SIDE);
    const landmarks = scattered(4, SIDE);
    landmarks.fill(Number.NaN, 0, 3 * POINTS * 2);
    const draw = landmarkMask.sample(landmarks, SIDE, 1, Random.fromSeed(1));
    expect(draw.skipped).toBe(3);
    expect(draw.ellipses.map((ellipse) => ellipse === null)).toEqual([true, true, true, false]);
    const masked = landmarkMask.apply(images.clone(), draw.ellipses);
    expect(ops.equal(ops.narrow(masked, 0, 0, 3), ops.narrow(images, 0, 0, 3))).toBe(true);
    expect(ops.equal(masked, images)).toBe(false);
  });
});
