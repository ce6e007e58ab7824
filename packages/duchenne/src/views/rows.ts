import { ops, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../random.ts";

/** About what a processor's second-level cache holds, in float32 numbers: longer parts are slower, shorter ones too. */
const PART_ELEMENTS = 400_000;

/** Row numbers drawn independently. @param chances [n] probability of each row   @returns ascending */
export function drawRows(chances: readonly number[], rng: Random): number[] {
  return chances.flatMap((chance, row) => (rng.chance(chance) ? [row] : []));
}

/** The same chance for each of n rows. */
export function alike(rows: number, chance: number): number[] {
  return new Array<number>(rows).fill(chance);
}

/** [n, 1, 1, 1]: one number for each image. */
export function perImage(values: readonly number[], like: Tensor): Tensor {
  return tensor(Float32Array.from(values), { shape: [values.length, 1, 1, 1], device: like.device });
}

/**
 * Replaces rows of `images`, in place, part by part, by what `transform` makes of them.
 * @param images [n, 3, h, w]   @param rows k distinct row numbers
 * @param parameters tensors whose first dimension is k: the transform is handed the part that belongs to its rows
 * @param transform may write into the images it is handed: they are copies
 */
export function replaceRows(
  images: Tensor,
  rows: readonly number[],
  parameters: readonly Tensor[],
  transform: (part: Tensor, parameters: readonly Tensor[]) => Tensor,
): void {
  if (rows.length === 0) return;
  const places = rowIndex(rows, images);
  const step = partRows(images, rows.length);
  for (let first = 0; first < rows.length; first += step) {
    const count = Math.min(step, rows.length - first);
    const own = (values: Tensor) => ops.narrow(values, 0, first, count);
    const part = ops.indexSelect(images, 0, own(places));
    ops.indexPutInPlace(images, [own(places)], transform(part, parameters.map(own)));
  }
}

/** Row numbers as a tensor on the images' device. */
export function rowIndex(rows: readonly number[], like: Tensor): Tensor {
  return tensor(BigInt64Array.from(rows, BigInt), { device: like.device });
}

function partRows(images: Tensor, rows: number): number {
  if (images.device !== "cpu") return rows;
  const elements = images.shape.slice(1).reduce((product, size) => product * size, 1);
  return Math.max(1, Math.floor(PART_ELEMENTS / elements));
}
