/**
 * A random crop, mirrored or not.
 * @module
 */
import { ops, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { replaceRows } from "./images/rows.ts";

/** What is cut out of an image. */
export interface CropFlip {
  /** Left column, top row and side, pixels. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** Mirrored left to right, after the crop. */
  readonly flipped: boolean;
}

/**
 * Draws a crop's place for each of n images, uniform over whole pixels, and whether it is mirrored. The images have a side of
 * `from` pixels, the crops one of `to` pixels, at most `from`.
 */
export function sample(
  n: number,
  { from, to, flipProbability }: { from: number; to: number; flipProbability: number },
  rng: Random,
): readonly CropFlip[] {
  const places = from - to + 1;
  return Array.from({ length: n }, () => ({
    x: rng.integer(places),
    y: rng.integer(places),
    size: to,
    flipped: rng.chance(flipProbability),
  }));
}

/**
 * @param images [n, 3, h, w]   @param crops n of one size
 * @returns [n, 3, size, size], a new tensor
 */
export function apply(images: Tensor, crops: readonly CropFlip[]): Tensor {
  const [n, , height, width] = images.shape as [number, number, number, number];
  const { size } = crops[0]!;
  const { device } = images;
  const steps = (count: number, step: number) =>
    ops.arange(0, count * step, step, { dtype: "int32", device });
  const starts = crops.map(({ x, y }, i) => 3 * i * height * width + y * width + x);
  const rows = tensor(Int32Array.from(starts), { shape: [n, 1, 1], device })
    .add(steps(3, height * width).view(3, 1))
    .add(steps(size, width));
  // Every run of `size` numbers in memory is a row of this view, so that a crop's rows are copied whole.
  const runs = ops.unfold(images.contiguous().flatten(), 0, size, 1);
  const cropped = ops.indexSelect(runs, 0, rows.flatten()).view(n, 3, size, size);
  const mirrored = crops.flatMap(({ flipped }, i) => (flipped ? [i] : []));
  replaceRows(cropped, mirrored, (selected) => ops.flip(selected, [3]));
  return cropped;
}
