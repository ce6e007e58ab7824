import { ops, sharedTensor, type Tensor, upload } from "@duchenne/torch";
import type { Box } from "../images/box.ts";
import type { Similarity } from "./similarity.ts";

/** grid_sampler's codes. */
const INTERPOLATION = { bilinear: 0, nearest: 1 } as const;
const ZEROS = 0;

/** The published code takes the nearest pixel. */
export type Resampling = keyof typeof INTERPOLATION;

/**
 * Samples each image through a similarity; zero outside the image.
 * @param images [n, 3, size, size]
 * @param toSource [n] pixels of the result, counted as the images', to pixels of the images
 * @param box of the result that is wanted
 * @returns [n, 3, height, width] of the box
 */
export function warp(
  images: Tensor,
  toSource: readonly Similarity[],
  box: Box,
  resampling: Resampling,
): Tensor {
  const { device } = images;
  const values = toSource.flatMap(({ a, b, tx, ty }) => [a, -b, tx, b, a, ty]);
  const maps = upload(sharedTensor(Float32Array.from(values), [toSource.length, 2, 3]), device);
  const [ofColumn, ofRow, constant] = [0, 1, 2].map((i) => maps.at("...", i, null, null));
  const columns = ops.arange(box.left, box.right, 1, { dtype: "float32", device });
  const rows = ops.arange(box.top, box.bottom, 1, { dtype: "float32", device }).unsqueeze(1);
  const places = ofRow!.mul(rows).add_(constant!).add(ofColumn!.mul(columns));
  // grid_sampler counts from -1 to 1, from the first pixel's centre to the last one's.
  const grid = places.mul_(2 / (images.size(2) - 1)).sub_(1);
  return ops.gridSample(images, grid.permute(0, 2, 3, 1), INTERPOLATION[resampling], ZEROS, true);
}
