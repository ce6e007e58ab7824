/**
 * The crop itself: a pure function of image and square, without libraries, so that a browser computes the same bytes.
 *
 * Output pixel i (of `size`) looks at source coordinate `begin + (i + 0.5) · step` along each axis, where
 * `step = side / size` and pixel centres are integers. Each is a weighted mean of the source pixels around it with
 * Keys' cubic kernel (a = −1/2), or another, stretched by `step` when shrinking, which is the antialiasing of PIL's BICUBIC.
 * Outside the image the border pixel is repeated. A turned square is first read out level by bilinear interpolation at
 * the source's own resolution.
 */

import type { CropSquare, RgbImage } from "./types.ts";

/** For each output position along one axis: `taps` source positions and their weights, which sum to 1. */
export interface AxisTaps {
  readonly taps: number;
  /** [size, taps], clamped into the image; the first is the least, the last the largest. */
  readonly positions: Int32Array;
  /** [size, taps] */
  readonly weights: Float64Array;
}

/** How much a source pixel counts, by its distance from the place looked at. */
export interface Kernel {
  /** Beyond this distance nothing counts. */
  readonly reach: number;
  /** @returns weight of a pixel at a distance from 0 to `reach`, in pixels of the coarser grid */
  weight(distance: number): number;
}

/** PIL's BICUBIC. @see Keys 1981, a = −1/2 */
export const CUBIC: Kernel = {
  reach: 2,
  weight: (d) => {
    if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
    return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
  },
};

/** PIL's BILINEAR. */
export const TRIANGLE: Kernel = { reach: 1, weight: (d) => Math.max(0, 1 - d) };

/** Sums up the taps: columns first, then rows, in double. @returns [size, size, 3] */
export type Resampler = (image: RgbImage, across: AxisTaps, down: AxisTaps, size: number) => Uint8Array;

/**
 * Cuts `square` out of `image`.
 * @param resample who does the sums; Node passes the addon, which gives the same bytes faster
 * @param kernel default CUBIC
 * @returns [size, size, 3]
 * @throws RangeError for a square without a size, or so much larger than the image that it would show nothing of it
 */
export function cropImage(
  image: RgbImage,
  square: CropSquare,
  size: number,
  resample: Resampler = resampleInTypeScript,
  kernel: Kernel = CUBIC,
): RgbImage {
  checkSquare(square, image);
  if (square.radians !== 0)
    return cropImage(level(image, square), levelSquare(square), size, resample, kernel);
  const step = square.side / size;
  const across = axisTaps(square.centerX - square.side / 2, step, size, image.width, kernel);
  const down = axisTaps(square.centerY - square.side / 2, step, size, image.height, kernel);
  return { width: size, height: size, data: resample(image, across, down, size) };
}

/** Side of the largest square, in longer sides of the image; the weights of a larger one would fill the memory. */
const MAX_SIDES = 64;

function checkSquare({ centerX, centerY, side, radians }: CropSquare, { width, height }: RgbImage): void {
  const most = MAX_SIDES * Math.max(width, height);
  const isPlace = [centerX, centerY, side, radians].every(Number.isFinite);
  if (isPlace && side > 0 && side <= most) return;
  throw new RangeError(
    `cropImage: expected a square with a side above 0 and at most ${most} pixels, received ${side} at ${centerX}, ${centerY}. Choose another square.`,
  );
}

function axisTaps(begin: number, step: number, size: number, length: number, kernel: Kernel): AxisTaps {
  const stretch = Math.max(1, step);
  const taps = Math.ceil(2 * kernel.reach * stretch) + 1;
  const positions = new Int32Array(size * taps);
  const weights = new Float64Array(size * taps);
  for (let i = 0; i < size; i++) {
    const centre = begin + (i + 0.5) * step;
    const first = Math.ceil(centre - kernel.reach * stretch);
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const weight = kernel.weight(Math.abs(first + k - centre) / stretch);
      positions[i * taps + k] = Math.min(length - 1, Math.max(0, first + k));
      weights[i * taps + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < taps; k++) weights[i * taps + k]! /= sum;
  }
  return { taps, positions, weights };
}

/** The formula above in TypeScript, for use without the addon. */
export function resampleInTypeScript(
  image: RgbImage,
  across: AxisTaps,
  down: AxisTaps,
  size: number,
): Uint8Array {
  const firstRow = down.positions[0]!;
  const lastRow = down.positions[down.positions.length - 1]!;
  const lines = new Float64Array((lastRow - firstRow + 1) * size * 3);
  for (let row = firstRow; row <= lastRow; row++) {
    resampleRow(image, row, across, lines.subarray((row - firstRow) * size * 3));
  }
  const result = new Uint8ClampedArray(size * size * 3);
  for (let i = 0; i < size; i++) resampleColumn(lines, firstRow, down, i, result);
  return new Uint8Array(result.buffer);
}

function resampleRow(image: RgbImage, row: number, across: AxisTaps, out: Float64Array): void {
  const { data, width } = image;
  const { taps, positions, weights } = across;
  for (let k = 0, at = 0; k < positions.length; at += 3) {
    let r = 0;
    let g = 0;
    let b = 0;
    for (const end = k + taps; k < end; k++) {
      const weight = weights[k]!;
      const source = 3 * (row * width + positions[k]!);
      r += weight * data[source]!;
      g += weight * data[source + 1]!;
      b += weight * data[source + 2]!;
    }
    out[at] = r;
    out[at + 1] = g;
    out[at + 2] = b;
  }
}

function resampleColumn(
  lines: Float64Array,
  firstRow: number,
  down: AxisTaps,
  outRow: number,
  result: Uint8ClampedArray,
): void {
  const { taps, positions, weights } = down;
  const width = (3 * positions.length) / taps;
  // Line by line, as they lie in memory; each sum still adds its taps in their order.
  const sums = new Float64Array(width);
  for (let k = outRow * taps; k < (outRow + 1) * taps; k++) {
    const weight = weights[k]!;
    const start = (positions[k]! - firstRow) * width;
    for (let x = 0; x < width; x++) sums[x]! += weight * lines[start + x]!;
  }
  for (let x = 0; x < width; x++) result[outRow * width + x] = Math.floor(sums[x]! + 0.5);
}

/** The turned square read out level, at about one sample per source pixel. */
function level(image: RgbImage, square: CropSquare): RgbImage {
  const count = levelCount(square);
  const step = square.side / count;
  const cos = Math.cos(square.radians);
  const sin = Math.sin(square.radians);
  const data = new Uint8Array(count * count * 3);
  for (let row = 0; row < count; row++) {
    const v = (row + 0.5) * step - square.side / 2;
    for (let column = 0; column < count; column++) {
      const u = (column + 0.5) * step - square.side / 2;
      const x = square.centerX + cos * u - sin * v;
      const y = square.centerY + sin * u + cos * v;
      bilinear(image, x, y, data, 3 * (row * count + column));
    }
  }
  return { width: count, height: count, data };
}

function levelCount(square: CropSquare): number {
  return Math.max(1, Math.ceil(square.side));
}

function levelSquare(square: CropSquare): CropSquare {
  const count = levelCount(square);
  return { centerX: (count - 1) / 2, centerY: (count - 1) / 2, side: count, radians: 0 };
}

function bilinear(
  { width, height, data }: RgbImage,
  x: number,
  y: number,
  out: Uint8Array,
  at: number,
): void {
  const clampedX = Math.min(width - 1, Math.max(0, x));
  const clampedY = Math.min(height - 1, Math.max(0, y));
  const left = Math.floor(clampedX);
  const top = Math.floor(clampedY);
  const fx = clampedX - left;
  const fy = clampedY - top;
  const first = 3 * (top * width + left);
  const right = left + 1 < width ? 3 : 0;
  const below = top + 1 < height ? 3 * width : 0;
  for (let i = first, end = first + 3, to = at; i < end; i++, to++) {
    const upper = data[i]! + fx * (data[i + right]! - data[i]!);
    const lower = data[i + below]! + fx * (data[i + below + right]! - data[i + below]!);
    out[to] = upper + fy * (lower - upper) + 0.5;
  }
}
