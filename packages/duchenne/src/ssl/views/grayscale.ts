/**
 * Some images turned grey.
 * @module
 */
import type { Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { luminance } from "./colorOperations.ts";
import { alike, changeDrawn, type Drawn, drawEach } from "./images/rows.ts";

/** Draws which images turn grey. @param n images   @param chance probability that one does */
export function sample(n: number, chance: number, rng: Random): Drawn<true> {
  return drawEach(alike(n, chance), rng, () => true);
}

/** @param images [n, 3, h, w]   @returns them, changed in place */
export function apply(images: Tensor, draws: Drawn<true>): Tensor {
  return changeDrawn(images, draws, (selected) => luminance(selected).expand(...selected.shape));
}
