/** Display orientation: quarter turns and mirrorings that a container asks for. */

import type { RgbImage } from "../types.ts";

/** Where a pixel goes: `x' = a·x + c·y`, `y' = b·x + d·y`, shifted to start at 0. One of the eight symmetries of a square. */
export interface Orientation {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** No rotation and no reflection. */
export const UPRIGHT: Orientation = { a: 1, b: 0, c: 0, d: 1 };

/**
 * Reads FFmpeg's display matrix (nine native-endian int32 in 16.16: a b u, c d v, x y w), rounded to quarter turns.
 * @param matrix 36 bytes, or null for none
 */
export function orientationOf(matrix: Uint8Array | null): Orientation {
  if (matrix === null || matrix.byteLength < 36) return UPRIGHT;
  const view = new DataView(matrix.buffer, matrix.byteOffset, matrix.byteLength);
  const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  const [a, b, c, d] = [0, 1, 3, 4].map((i) => view.getInt32(4 * i, littleEndian));
  if (Math.abs(a!) + Math.abs(d!) >= Math.abs(b!) + Math.abs(c!)) {
    return { a: sign(a!), b: 0, c: 0, d: sign(d!) };
  }
  return { a: 0, b: sign(b!), c: sign(c!), d: 0 };
}

/** Quarter turns anticlockwise. */
export function turned(quarters: number): Orientation {
  const turns = [
    UPRIGHT,
    { a: 0, b: -1, c: 1, d: 0 },
    { a: -1, b: 0, c: 0, d: -1 },
    { a: 0, b: 1, c: -1, d: 0 },
  ];
  return turns[quarters & 3]!;
}

/** What comes of one orientation and then another. */
export function composed(first: Orientation, then: Orientation): Orientation {
  return {
    a: then.a * first.a + then.c * first.b,
    b: then.b * first.a + then.d * first.b,
    c: then.a * first.c + then.c * first.d,
    d: then.b * first.c + then.d * first.d,
  };
}

function sign(value: number): 1 | -1 {
  return value < 0 ? -1 : 1;
}

/** True if width and height change places. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation.a === 0;
}

/** Turns and mirrors an image; returns the very same object when there is nothing to do. */
export function applyOrientation(image: RgbImage, orientation: Orientation): RgbImage {
  const { a, b, c, d } = orientation;
  if (a === 1 && d === 1) return image;
  const [width, height] = swapsSides(orientation) ? [image.height, image.width] : [image.width, image.height];
  const data = new Uint8Array(image.data.length);
  const stepX = 3 * (a + b * width);
  const stepY = 3 * (c + d * width);
  // A negative direction starts at the far end.
  const startColumn = a + c < 0 ? width - 1 : 0;
  const startRow = b + d < 0 ? height - 1 : 0;
  let source = 0;
  for (let y = 0; y < image.height; y++) {
    let target = 3 * (startColumn + startRow * width) + y * stepY;
    for (let x = 0; x < image.width; x++, target += stepX, source += 3) {
      data[target] = image.data[source]!;
      data[target + 1] = image.data[source + 1]!;
      data[target + 2] = image.data[source + 2]!;
    }
  }
  return { width, height, data };
}
