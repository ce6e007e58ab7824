import type { Tensor } from "@duchenne/torch";
import type { Random } from "../random.ts";
import { luminance } from "./colorOperations.ts";
import { alike, drawRows, replaceRows } from "./rows.ts";

/** Images that lose their colour, ascending. */
export type GrayscaleDraw = readonly number[];

/** @param n images   @param chance probability that one turns grey */
export function sample(n: number, chance: number, rng: Random): GrayscaleDraw {
  return drawRows(alike(n, chance), rng);
}

/** @param images [n, 3, h, w]   @returns the same shape, a new tensor */
export function apply(images: Tensor, rows: GrayscaleDraw): Tensor {
  const grey = images.clone();
  replaceRows(grey, rows, [], (part) => luminance(part).expand(...part.shape));
  return grey;
}
