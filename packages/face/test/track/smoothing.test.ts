import { expect, test } from "vitest";
import { smoothSquare, type TimedSquare } from "../../src/track/smoothing.ts";

function at(index: number, centerX: number, side = 100, radians = 0): TimedSquare {
  return { index, square: { centerX, centerY: 2 * centerX, side, radians } };
}

test("a face at rest stays where it is", () => {
  expect(smoothSquare([at(0, 50), at(1, 50), at(2, 50)], 1)).toEqual({
    centerX: 50,
    centerY: 100,
    side: 100,
    radians: 0,
  });
});

test("even motion is neither delayed nor damped", () => {
  const track = [-3, -2, -1, 0, 1, 2, 3].map((i) => at(i, 10 * i));
  expect(smoothSquare(track, 0).centerX).toBeCloseTo(0, 10);
});

test("trembling is damped", () => {
  const track = [-3, -2, -1, 0, 1, 2, 3].map((i) => at(i, i % 2 === 0 ? 1 : -1, i % 2 === 0 ? 110 : 90));
  const { centerX, side } = smoothSquare(track, 0);
  expect(Math.abs(centerX)).toBeLessThan(0.1);
  expect(Math.abs(side - 100)).toBeLessThan(1);
});

test("neighbours count by their distance in time, not in the list", () => {
  const near = smoothSquare([at(0, 0), at(1, 10)], 0).centerX;
  const far = smoothSquare([at(0, 0), at(3, 10)], 0).centerX;
  expect(near).toBeCloseTo((10 * Math.exp(-0.5)) / (1 + Math.exp(-0.5)), 10);
  expect(far).toBeLessThan(near / 10);
});

test("angles are averaged across the half turn", () => {
  const { radians } = smoothSquare([at(0, 0, 1, Math.PI - 0.1), at(0, 0, 1, -Math.PI + 0.1)], 0);
  expect(Math.abs(radians)).toBeCloseTo(Math.PI, 10);
});
