import { ops, type Tensor } from "@duchenne/torch";

/** Frames are cropped from a picture this much larger than the network's input: 128 : 112 in the paper. */
const CROP_RATIO = 128 / 112;

/** Side of the picture that crops of `inputSize` pixels are taken from: 64 -> 73, 112 -> 128. */
export function workingSize(inputSize: number): number {
  return Math.round(inputSize * CROP_RATIO);
}

/**
 * Resizes square images, antialiased if they shrink, as PIL's bilinear filter does.
 * @param images [n, 3, h, h] float32   @param side pixels   @returns [n, 3, side, side]; the same tensor if it fits
 */
export function resize(images: Tensor, side: number): Tensor {
  if (images.shape[3] === side) return images;
  return ops.interpolateBilinearAntialias(images, [side, side], false);
}

/**
 * Where landmarks lie after `resize`; pixel centres are at whole numbers.
 * @param landmarks [n, 68, 2] x, y in pixels of `from`   @returns the same in pixels of `to`
 */
export function resizeLandmarks(landmarks: Float32Array, from: number, to: number): Float32Array {
  return from === to ? landmarks : landmarks.map((value) => ((value + 0.5) * to) / from - 0.5);
}
