import { expect, test } from "vitest";
import { inPixelsOf, smoothSquare, type TimedSquare } from "../../src/track/smoothing.ts";

const SIZE = { width: 640, height: 360 };

function at(index: number, centerX: number, side = 100, radians = 0): TimedSquare {
  return { index, square: { centerX, centerY: 2 * centerX, side, radians }, size: SIZE };
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

test("squares of frames of another size are brought to this one's pixels", () => {
  const small = {
    index: 1,
    square: { centerX: 49.5, centerY: 99.5, side: 80, radians: 0.1 },
    size: { width: 320, height: 180 },
  };
  const [own, other] = inPixelsOf(SIZE, [at(0, 100), small]);
  expect(own).toEqual(at(0, 100));
  expect(other!.square).toEqual({ centerX: 99.5, centerY: 199.5, side: 160, radians: 0.1 });
});

test("squares of frames of another shape are left out", () => {
  const upright = { ...at(1, 60), size: { width: 360, height: 640 } };
  const block = { ...at(2, 60), size: { width: 480, height: 272 } };
  expect(inPixelsOf(SIZE, [at(0, 100), upright, block]).map(({ index }) => index)).toEqual([0, 2]);
});
