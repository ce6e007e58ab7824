import { cropImage, squareOfImage } from "@duchenne/crop";
import { describe, expect, test } from "vitest";
import { nativeResampler } from "../../src/crop/cropper.ts";
import type { CropSquare, RgbImage } from "../../src/types.ts";
import { drawFaces, plain } from "../media.ts";

/** Deterministic noise. */
function noise(width: number, height: number): RgbImage {
  let state = 12345;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 24;
  });
  return { width, height, data };
}

function red({ width, data }: RgbImage, x: number, y: number): number {
  return data[3 * (y * width + x)]!;
}

/** The formula of @duchenne/crop as plain loops over all source pixels, borders by clamping. */
function plainLoops(image: RgbImage, square: CropSquare, size: number): number[] {
  const step = square.side / size;
  const stretch = Math.max(1, step);
  const cubic = (x: number) => {
    const d = Math.abs(x);
    return d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : d < 2 ? -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2 : 0;
  };
  const result: number[] = [];
  for (let i = 0; i < size * size * 3; i++) {
    const u = square.centerX - square.side / 2 + ((Math.floor(i / 3) % size) + 0.5) * step;
    const v = square.centerY - square.side / 2 + (Math.floor(i / 3 / size) + 0.5) * step;
    let sum = 0;
    let total = 0;
    for (let y = Math.floor(v - 2 * stretch); y <= v + 2 * stretch; y++) {
      for (let x = Math.floor(u - 2 * stretch); x <= u + 2 * stretch; x++) {
        const weight = cubic((x - u) / stretch) * cubic((y - v) / stretch);
        const column = Math.min(image.width - 1, Math.max(0, x));
        const row = Math.min(image.height - 1, Math.max(0, y));
        sum += weight * image.data[3 * (row * image.width + column) + (i % 3)]!;
        total += weight;
      }
    }
    result.push(Math.min(255, Math.max(0, Math.floor(sum / total + 0.5))));
  }
  return result;
}

const squares: [string, CropSquare][] = [
  ["shrinks", { centerX: 30.3, centerY: 22.8, side: 41.7, radians: 0 }],
  ["enlarges", { centerX: 30.3, centerY: 22.8, side: 9.2, radians: 0 }],
  ["reaches over the border", { centerX: 3.1, centerY: 47, side: 40, radians: 0 }],
  ["lies outside", { centerX: -200, centerY: 20, side: 30, radians: 0 }],
];

describe("cropImage", () => {
  test("copies when the square is the image", () => {
    const image = noise(24, 24);
    expect(cropImage(image, squareOfImage(24, 24), 24).data).toEqual(image.data);
  });

  test.each(squares)("equals the plain loops where the square %s", (_, square) => {
    const image = noise(60, 50);
    const crop = cropImage(image, square, 16).data;
    const expected = plainLoops(image, square, 16);
    // Two orders of summation may round a half apart.
    expect(Math.max(...expected.map((value, i) => Math.abs(value - crop[i]!)))).toBeLessThanOrEqual(1);
  });

  test.each(squares)("gives the addon's bytes where the square %s", (_, square) => {
    const image = noise(60, 50);
    for (const size of [1, 17, 64]) {
      expect(cropImage(image, square, size, nativeResampler).data).toEqual(
        cropImage(image, square, size).data,
      );
    }
  });

  test("keeps a plain image plain, also where it turns", () => {
    const crop = cropImage(
      plain(40, 30, [12, 200, 99]),
      { centerX: 5, centerY: 4, side: 50, radians: 0.5 },
      32,
    );
    for (let i = 0; i < crop.data.length; i += 3)
      expect(Array.from(crop.data.subarray(i, i + 3))).toEqual([12, 200, 99]);
  });

  test("turns with the square", () => {
    const face = drawFaces(200, 200, [{ x: 100, y: 100, radius: 60 }]);
    const upright = cropImage(face, { centerX: 100, centerY: 100, side: 120, radians: 0 }, 60);
    const quarter = cropImage(face, { centerX: 100, centerY: 100, side: 120, radians: Math.PI / 2 }, 60);
    let difference = 0;
    for (let y = 5; y < 55; y++) {
      for (let x = 5; x < 55; x++) difference += Math.abs(red(quarter, x, y) - red(upright, 59 - y, x));
    }
    // Bilinear reading softens a little; turned the wrong way the mean is above 20.
    expect(difference / 2500).toBeLessThan(2);
  });

  test("does not alias: stripes finer than the crop's pixels come out grey", () => {
    const stripes = plain(128, 128, [0, 0, 0]);
    for (let i = 0; i < 128 * 128; i += 2) stripes.data.fill(255, 3 * i, 3 * i + 3);
    const crop = cropImage(stripes, squareOfImage(128, 128), 32);
    expect(Math.max(...crop.data.map((value) => Math.abs(value - 128)))).toBeLessThan(20);
  });
});
