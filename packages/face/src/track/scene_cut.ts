/** Finds cuts by comparing coarse local histograms: motion shifts few pixels between them, a cut shifts most. */

import type { GreyImage } from "../types.ts";

const BLOCKS = 4;
const BINS = 16;
/** About this many pixels are looked at, whatever the size of the frame. */
const SAMPLES = 8192;

/** [BLOCKS, BLOCKS, BINS] shares; each block sums to 1. */
export type FrameSignature = Float32Array;

export function signatureOf(grey: GreyImage): FrameSignature {
  const signature = new Float32Array(BLOCKS * BLOCKS * BINS);
  const counts = new Float32Array(BLOCKS * BLOCKS);
  const stride = Math.max(1, Math.round(Math.sqrt((grey.width * grey.height) / SAMPLES)));
  for (let y = stride >> 1; y < grey.height; y += stride) {
    const blockRow = Math.floor((y * BLOCKS) / grey.height) * BLOCKS;
    for (let x = stride >> 1; x < grey.width; x += stride) {
      const block = blockRow + Math.floor((x * BLOCKS) / grey.width);
      signature[block * BINS + (grey.data[y * grey.width + x]! >> 4)]! += 1;
      counts[block]! += 1;
    }
  }
  for (let i = 0; i < signature.length; i++) signature[i]! /= Math.max(1, counts[Math.floor(i / BINS)]!);
  return signature;
}

/** Mean share of pixels that changed their bin, 0 (same) to 1 (nothing in common). */
export function signatureDistance(a: FrameSignature, b: FrameSignature): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / (2 * BLOCKS * BLOCKS);
}
