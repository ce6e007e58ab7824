import { ops, type Tensor } from "@duchenne/torch";
import type { Random } from "../random.ts";
import { alike, drawRows, perImage, replaceRows } from "./rows.ts";

export interface BlurDraw {
  /** Images to blur, ascending. */
  readonly rows: readonly number[];
  /** Standard deviation for each of them, pixels. */
  readonly sigmas: readonly number[];
}

/** Standard deviations are uniform between these, pixels. */
const SIGMA = [0.1, 2] as const;

/** @param n images   @param chance probability that one is blurred */
export function sample(n: number, chance: number, rng: Random): BlurDraw {
  const rows = drawRows(alike(n, chance), rng);
  return { rows, sigmas: rows.map(() => rng.uniform(...SIGMA)) };
}

/**
 * Gaussian blur of 3x3 taps, borders reflected, as torchvision's `gaussian_blur`.
 * @param images [n, 3, h, w], h and w at least 2   @returns the same shape, a new tensor
 */
export function apply(images: Tensor, { rows, sigmas }: BlurDraw): Tensor {
  const blurred = images.clone();
  const neighbour = sigmas.map((sigma) => Math.exp(-0.5 / sigma ** 2));
  const weights = neighbour.map((weight) => weight / (1 + 2 * weight));
  const outer = perImage(weights, images);
  const inner = perImage(
    weights.map((weight) => 1 - 2 * weight),
    images,
  );
  replaceRows(blurred, rows, [inner, outer], (part, [partInner, partOuter]) =>
    threeTaps(threeTaps(part, 3, partInner!, partOuter!), 2, partInner!, partOuter!),
  );
  return blurred;
}

/** Along one dimension; the border's missing neighbour is the one on its other side. */
function threeTaps(images: Tensor, dimension: number, inner: Tensor, outer: Tensor): Tensor {
  const last = images.shape[dimension]! - 1;
  const sum = images.mul(inner);
  const addFrom = (from: number, to: number, length: number) =>
    ops.addcmulInPlace(
      ops.narrow(sum, dimension, to, length),
      ops.narrow(images, dimension, from, length),
      outer,
    );
  addFrom(0, 1, last);
  addFrom(1, 0, last);
  addFrom(1, 0, 1);
  addFrom(last - 1, last, 1);
  return sum;
}
