/** Grey images from colour ones. */

import type { GreyImage, RgbImage } from "./types.ts";

/**
 * Luma 0.299 R + 0.587 G + 0.114 B in 15-bit fixed point, rounded: OpenCV's own rule, so that dlib sees the very
 * pixels that the published landmarks were placed on.
 */
export function toGrey(image: RgbImage): GreyImage {
  const { width, height, data } = image;
  const grey = new Uint8Array(width * height);
  for (let i = 0, j = 0; i < grey.length; i++, j += 3) {
    grey[i] = (9798 * data[j]! + 19235 * data[j + 1]! + 3735 * data[j + 2]! + 16384) >> 15;
  }
  return { width, height, data: grey };
}
