/** A small picture of a face, normalised in brightness and contrast, to test whether a guess is still on that face. */

import type { Box, GreyImage } from "../types.ts";

const SIDE = 24;

/** [SIDE, SIDE] samples of a box, shifted and scaled to mean 0 and length 1 (all 0 where it is plain). */
export function patchOf(grey: GreyImage, box: Box): Float32Array {
  const patch = new Float32Array(SIDE * SIDE);
  let mean = 0;
  for (let row = 0; row < SIDE; row++) {
    const y = clamp(Math.round(box.top + ((row + 0.5) * box.height) / SIDE), grey.height);
    for (let column = 0; column < SIDE; column++) {
      const x = clamp(Math.round(box.left + ((column + 0.5) * box.width) / SIDE), grey.width);
      const value = grey.data[y * grey.width + x]!;
      patch[row * SIDE + column] = value;
      mean += value / patch.length;
    }
  }
  const differences = new Float32Array(patch.length);
  for (let i = 0; i < patch.length; i++) differences[i] = patch[i]! - mean;
  const length = Math.hypot(...differences);
  if (length === 0) return patch.fill(0);
  for (let i = 0; i < patch.length; i++) patch[i] = (patch[i]! - mean) / length;
  return patch;
}

function clamp(position: number, length: number): number {
  return Math.min(length - 1, Math.max(0, position));
}

/** Normalised cross-correlation of two patches, -1 to 1. */
export function similarity(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
