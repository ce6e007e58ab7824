import { ops } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import * as cropFlip from "../../../src/ssl/views/cropFlip.ts";
import { resize, resizeLandmarks, workingSize } from "../../../src/ssl/views/resize.ts";
import { build, deviations, noise, reader } from "./support.ts";

test("crops keep the paper's 128 : 112", () => {
  expect([112, 64, 48, 224].map(workingSize)).toEqual([128, 73, 55, 256]);
});

describe("crop and flip", () => {
  const draw = cropFlip.sample(6, { from: 20, to: 15, flipProbability: 0.5 }, Random.fromSeed(4));

  test("as a loop over pixels does it", () => {
    const images = noise(6, 20);
    const pixel = reader(images);
    const expected = build(6, 15, (i, c, y, x) => {
      const crop = draw[i]!;
      return pixel(i, c, crop.y + y, crop.x + (crop.flipped ? 14 - x : x));
    });
    expect(new Set(draw.map(({ flipped }) => flipped)).size).toBe(2);
    expect(ops.equal(cropFlip.apply(images, draw), expected)).toBe(true);
  });

  test("every place is as likely, and every other image mirrored", () => {
    const n = 8000;
    const many = cropFlip.sample(n, { from: 10, to: 7, flipProbability: 0.3 }, Random.fromSeed(1));
    for (const axis of ["x", "y"] as const)
      for (const place of [0, 1, 2, 3])
        expect(deviations(many.filter((crop) => crop[axis] === place).length, n, 1 / 4)).toBeLessThan(4);
    expect(deviations(many.filter(({ flipped }) => flipped).length, n, 0.3)).toBeLessThan(4);
  });

  test("nothing to cut is the image", () => {
    const images = noise(3, 9);
    const whole = cropFlip.sample(3, { from: 9, to: 9, flipProbability: 0 }, Random.fromSeed(1));
    expect(ops.equal(cropFlip.apply(images, whole), images)).toBe(true);
  });
});

describe("resize", () => {
  test.each([
    [32, 12],
    [12, 32],
  ])("landmarks follow, %i to %i px", (from, to) => {
    // A spot of light; its centre of mass is where the landmark was.
    const [x, y] = [0.4 * from, 0.6 * from];
    const spot = build(1, from, (_, __, row, column) =>
      Math.exp(-((row - y) ** 2 + (column - x) ** 2) / (2 * (from / 12) ** 2)),
    );
    const pixel = reader(resize(spot, to));
    const sums = { mass: 0, x: 0, y: 0 };
    for (let row = 0; row < to; row++)
      for (let column = 0; column < to; column++) {
        const value = pixel(0, 0, row, column);
        sums.mass += value;
        sums.x += value * column;
        sums.y += value * row;
      }
    const [movedX, movedY] = resizeLandmarks(Float32Array.of(x, y), from, to);
    expect(Math.abs(sums.x / sums.mass - movedX!)).toBeLessThan(0.02 * to);
    expect(Math.abs(sums.y / sums.mass - movedY!)).toBeLessThan(0.02 * to);
  });

  test("shrinking averages, as PIL's triangle filter does", () => {
    const [from, to] = [16, 6];
    const images = noise(2, from);
    const pixel = reader(images);
    const scale = from / to;
    const weights = (out: number) => {
      const centre = (out + 0.5) * scale;
      const all = Array.from({ length: from }, (_, i) => Math.max(0, 1 - Math.abs(i + 0.5 - centre) / scale));
      const total = all.reduce((a, b) => a + b);
      return all.map((weight) => weight / total);
    };
    const expected = build(2, to, (i, c, y, x) => {
      const [down, across] = [weights(y), weights(x)];
      let sum = 0;
      for (let row = 0; row < from; row++)
        for (let column = 0; column < from; column++)
          sum += down[row]! * across[column]! * pixel(i, c, row, column);
      return sum;
    });
    expect(resize(images, to)).toBeAllclose(expected);
  });

  test("NaN landmarks stay NaN, and nothing moves at the same size", () => {
    expect(resizeLandmarks(Float32Array.of(Number.NaN, 3), 10, 20)[0]).toBeNaN();
    expect([...resizeLandmarks(Float32Array.of(2, 3), 10, 10)]).toEqual([2, 3]);
  });
});
