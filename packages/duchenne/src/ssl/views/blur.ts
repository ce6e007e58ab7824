/**
 * Gaussian blur of some images, each with a standard deviation of its own.
 * @module
 */
import { ops, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { alike, changeDrawn, type Drawn, drawEach, perImage } from "./images/rows.ts";

/** Standard deviations are uniform between these, pixels. */
const SIGMA = [0.1, 2] as const;

/** Draws the blur's standard deviation, pixels. @param n images   @param chance probability that one is blurred */
export function sample(n: number, chance: number, rng: Random): Drawn<number> {
  return drawEach(alike(n, chance), rng, () => rng.uniform(...SIGMA));
}

/**
 * Gaussian blur of 3x3 taps, borders reflected, as torchvision's `gaussian_blur`.
 * @param images [n, 3, h, w], h and w at least 2   @returns them, changed in place
 */
export function apply(images: Tensor, sigmas: Drawn<number>): Tensor {
  return changeDrawn(images, sigmas, (selected, drawn) => {
    const neighbour = drawn.map((sigma) => Math.exp(-0.5 / sigma ** 2));
    const weights = neighbour.map((weight) => weight / (1 + 2 * weight));
    const outer = perImage(weights, images);
    const inner = ops.rsub(outer.mul(2), 1);
    return threeTaps(threeTaps(selected, 3, inner, outer), 2, inner, outer);
  });
}

/** Along one dimension; the border's missing neighbour is the one on its other side. */
function threeTaps(images: Tensor, dimension: number, inner: Tensor, outer: Tensor): Tensor {
  const last = images.shape[dimension]! - 1;
  const sum = images.mul(inner);
  const addFrom = (from: number, to: number, length: number) =>
    ops.addcmul_(ops.narrow(sum, dimension, to, length), ops.narrow(images, dimension, from, length), outer);
  addFrom(0, 1, last);
  addFrom(1, 0, last);
  addFrom(1, 0, 1);
  addFrom(last - 1, last, 1);
  return sum;
}
