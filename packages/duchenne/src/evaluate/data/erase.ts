/** Rectangles erased from training images. */
import { ops, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";

/** Least and greatest share of the image that is erased, and the greatest ratio of the rectangle's sides. */
const [LEAST_AREA, MOST_AREA, MOST_RATIO] = [0.02, 0.2, 3];

/** Pixels [left, left + width) x [top, top + height). */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Draws a rectangle for each of n images; null if nothing is erased. @param side of the images, pixels */
export function sampleRectangles(
  n: number,
  side: number,
  probability: number,
  rng: Random,
): readonly (Rectangle | null)[] {
  return Array.from({ length: n }, () => {
    if (!rng.chance(probability)) return null;
    const area = rng.uniform(LEAST_AREA, MOST_AREA) * side ** 2;
    const ratio = Math.exp(rng.uniform(-Math.log(MOST_RATIO), Math.log(MOST_RATIO)));
    const fit = (length: number) => Math.min(side, Math.max(1, Math.round(length)));
    const [width, height] = [fit(Math.sqrt(area * ratio)), fit(Math.sqrt(area / ratio))];
    return { left: rng.integer(side - width + 1), top: rng.integer(side - height + 1), width, height };
  });
}

/**
 * Sets the rectangles of normalised images to zero, the mean colour, in place.
 * @param images [n, 3, side, side]   @returns them
 * @see Zhong et al. 2020, arXiv:1708.04896
 */
export function eraseRectangles(images: Tensor, rectangles: readonly (Rectangle | null)[]): Tensor {
  for (const [row, rectangle] of rectangles.entries()) {
    if (rectangle === null) continue;
    const { left, top, width, height } = rectangle;
    const image = ops.narrow(images, 0, row, 1);
    ops.narrow(ops.narrow(image, 2, top, height), 3, left, width).mul_(0);
  }
  return images;
}
