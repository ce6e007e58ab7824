import { ops, scope, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../../../lib/random.ts";

/** What was drawn for each image of a batch; null for an image that stays as it is. */
export type Drawn<T> = readonly (T | null)[];

/** The same chance for each of n images. */
export function alike(n: number, chance: number): number[] {
  return new Array<number>(n).fill(chance);
}

/** Decides for each image whether it is changed, and draws how. @param chances [n] probability of each */
export function drawEach<T>(chances: readonly number[], rng: Random, draw: (image: number) => T): Drawn<T> {
  return chances.map((chance, image) => (rng.chance(chance) ? draw(image) : null));
}

/** [n, 1, 1, 1]: one number for each image. */
export function perImage(values: readonly number[], like: Tensor): Tensor {
  return tensor(Float32Array.from(values), { shape: [values.length, 1, 1, 1], device: like.device });
}

/** Row numbers as a tensor, [rows.length] int64. @param like images, whose device it takes */
export function rowIndex(rows: readonly number[], like: Tensor): Tensor {
  return tensor(BigInt64Array.from(rows, BigInt), { device: like.device });
}

/**
 * Replaces rows of `images`, in place, by what `change` makes of them.
 * @param images [n, 3, h, w]   @param rows distinct
 * @param change is handed a copy of the rows, which it may write into
 */
export function replaceRows(
  images: Tensor,
  rows: readonly number[],
  change: (selected: Tensor) => Tensor,
): void {
  if (rows.length === 0) return;
  scope(() => {
    const places = rowIndex(rows, images);
    ops.indexPut_(images, [places], change(ops.indexSelect(images, 0, places)));
  });
}

/**
 * Changes the images that something was drawn for, in place.
 * @param images [n, 3, h, w]   @returns them
 * @param change is handed copies of these images, and what was drawn for them
 */
export function changeDrawn<T>(
  images: Tensor,
  draws: Drawn<T>,
  change: (selected: Tensor, values: readonly T[]) => Tensor,
): Tensor {
  const rows = draws.flatMap((value, row) => (value === null ? [] : [row]));
  replaceRows(images, rows, (selected) =>
    change(
      selected,
      draws.filter((value) => value !== null),
    ),
  );
  return images;
}

/** Rows of the images that something was drawn for, by what `name` calls it. */
export function groupDrawn<T>(draws: Drawn<T>, name: (value: T) => string): Iterable<readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [row, value] of draws.entries()) {
    if (value === null) continue;
    const group = groups.get(name(value));
    if (group) group.push(row);
    else groups.set(name(value), [row]);
  }
  return groups.values();
}
