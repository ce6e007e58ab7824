/** What makes a crop useless: blur. How far a head is turned: `yaw.ts`. */

import { toGrey } from "../image.ts";
import type { RgbImage } from "../types.ts";

/** The Laplacian's step grows with the crop, so that crops of any size are judged at the scale of 128 pixels. */
const REFERENCE_SIZE = 128;

/**
 * Sharpness of a face crop: variance of the 4-neighbour Laplacian over the variance of the image, both over the
 * middle half of the crop, where the face is. Contrast cancels out. About 0 for a plain or strongly blurred image.
 * @see Pech-Pacheco et al. 2000 (the variance of the Laplacian as a measure of focus)
 */
export function sharpnessOf(crop: RgbImage): number {
  const { width, height, data } = toGrey(crop);
  const step = Math.max(1, Math.round(width / REFERENCE_SIZE));
  const laplacian = new Moments();
  const brightness = new Moments();
  for (let y = Math.max(step, height >> 2); y < Math.min(height - step, height - (height >> 2)); y++) {
    for (let x = Math.max(step, width >> 2); x < Math.min(width - step, width - (width >> 2)); x++) {
      const i = y * width + x;
      const around = data[i - step]! + data[i + step]! + data[i - step * width]! + data[i + step * width]!;
      laplacian.add(around - 4 * data[i]!);
      brightness.add(data[i]!);
    }
  }
  return brightness.variance < 1 ? 0 : laplacian.variance / brightness.variance;
}

class Moments {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#squares += value * value;
  }

  get variance(): number {
    if (this.#count === 0) return 0;
    const mean = this.#sum / this.#count;
    return this.#squares / this.#count - mean * mean;
  }
}
