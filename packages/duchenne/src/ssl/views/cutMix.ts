/**
 * Patches exchanged between the positives of a batch.
 * @module
 */
import { ops, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { symmetricBeta } from "./beta.ts";
import { rowIndex } from "./images/rows.ts";

/** The rectangle that a positive takes from another positive. */
export interface Patch {
  /** The row the patch is taken from, at the same place. */
  readonly partner: number;
  /** Pixels [left, right) x [top, bottom), inside the image. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Share of its own area that the image keeps. */
  readonly kept: number;
}

/** One for each image. */
export type CutMixDraw = readonly Patch[];

/**
 * Draws a patch for each image: its area from Beta(alpha, alpha), its centre anywhere, its partner any other image.
 * @param n images, at least 2   @param side of the images, pixels
 * @see Yun et al. 2019, arXiv:1905.04899, section 3.1 and appendix A
 */
export function sample(n: number, side: number, alpha: number, rng: Random): CutMixDraw {
  return Array.from({ length: n }, (_, row) => {
    const partner = (row + 1 + rng.integer(n - 1)) % n;
    const cut = side * Math.sqrt(1 - symmetricBeta(alpha, rng));
    const [left, right] = interval(cut, side, rng);
    const [top, bottom] = interval(cut, side, rng);
    return { partner, left, right, top, bottom, kept: 1 - ((right - left) * (bottom - top)) / side ** 2 };
  });
}

/** `length` pixels about a uniform centre, cut off at the border. */
function interval(length: number, side: number, rng: Random): [start: number, end: number] {
  const start = Math.round(rng.integer(side) - length / 2);
  return [Math.max(0, start), Math.min(side, start + Math.round(length))];
}

/**
 * @param images [n, 3, side, side]
 * @param partners [n, 3, side, side] whose patches they take; default: those of `images` that were drawn
 * @returns the same shape, a new tensor
 */
export function apply(images: Tensor, draw: CutMixDraw, partners = partnersOf(images, draw)): Tensor {
  const { device } = images;
  const pixels = ops.arange(0, images.shape[3]!, 1, { dtype: "int32", device });
  const within = (start: (patch: Patch) => number, end: (patch: Patch) => number) => {
    const bound = (pick: (patch: Patch) => number) =>
      tensor(Int32Array.from(draw, pick), { shape: [draw.length, 1, 1, 1], device });
    return ops.logicalAnd(pixels.ge(bound(start)), pixels.lt(bound(end))).to({ dtype: images.dtype });
  };
  const across = within(
    ({ left }) => left,
    ({ right }) => right,
  );
  const down = within(
    ({ top }) => top,
    ({ bottom }) => bottom,
  );
  // With weights of 0 and 1 lerp returns one operand exactly.
  return ops.lerp(images, partners, across.mul(down.transpose(2, 3)));
}

function partnersOf(images: Tensor, draw: CutMixDraw): Tensor {
  const rows = draw.map(({ partner }) => partner);
  return ops.indexSelect(images, 0, rowIndex(rows, images));
}
