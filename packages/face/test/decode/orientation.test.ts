import { describe, expect, test } from "vitest";
import { applyOrientation, orientationOf, UPRIGHT } from "../../src/decode/orientation.ts";
import type { RgbImage } from "../../src/types.ts";

/** 3 x 2 image whose red values are 0..5 in reading order. */
const image: RgbImage = {
  width: 3,
  height: 2,
  data: Uint8Array.from({ length: 18 }, (_, i) => (i % 3 === 0 ? i / 3 : 9)),
};

function turned(
  a: number,
  b: number,
  c: number,
  d: number,
): { width: number; height: number; reds: number[] } {
  const one = 65536;
  const matrix = Int32Array.of(a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30);
  const result = applyOrientation(image, orientationOf(new Uint8Array(matrix.buffer)));
  const reds = Array.from(result.data).filter((_, i) => i % 3 === 0);
  return { width: result.width, height: result.height, reds };
}

describe("applyOrientation", () => {
  test("does nothing, not even a copy, without a matrix", () => {
    expect(applyOrientation(image, orientationOf(null))).toBe(image);
    expect(orientationOf(new Uint8Array(4))).toEqual(UPRIGHT);
  });

  test("turns a quarter clockwise", () => {
    expect(turned(0, 1, -1, 0)).toEqual({ width: 2, height: 3, reds: [3, 0, 4, 1, 5, 2] });
  });

  test("turns a quarter anticlockwise", () => {
    expect(turned(0, -1, 1, 0)).toEqual({ width: 2, height: 3, reds: [2, 5, 1, 4, 0, 3] });
  });

  test("turns upside down", () => {
    expect(turned(-1, 0, 0, -1)).toEqual({ width: 3, height: 2, reds: [5, 4, 3, 2, 1, 0] });
  });

  test("mirrors", () => {
    expect(turned(-1, 0, 0, 1)).toEqual({ width: 3, height: 2, reds: [2, 1, 0, 5, 4, 3] });
    expect(turned(1, 0, 0, -1)).toEqual({ width: 3, height: 2, reds: [3, 4, 5, 0, 1, 2] });
    expect(turned(0, 1, 1, 0)).toEqual({ width: 2, height: 3, reds: [0, 3, 1, 4, 2, 5] });
  });
});
