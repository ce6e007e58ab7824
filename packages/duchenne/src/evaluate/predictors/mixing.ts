/** Training images mixed in pairs. */
import { ops, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { symmetricBeta } from "../../ssl/views/beta.ts";
import * as cutMix from "../../ssl/views/cutMix.ts";
import { perImage, rowIndex } from "../../ssl/views/images/rows.ts";
import type { ProbeSettings } from "../schema/options.ts";

/** With which image of the batch each is mixed. */
export interface Mixed {
  /** [n] row of the other. */
  readonly partners: readonly number[];
  /** [n] share that the image keeps of itself, and of its label. */
  readonly kept: readonly number[];
}

/**
 * Mixes the images of a batch.
 * @param images [n, 3, side, side]   @returns the same shape, and how they were mixed; undefined if the batch stays as it is
 * @see Zhang et al. 2018, arXiv:1710.09412 (mixup); Yun et al. 2019, arXiv:1905.04899 (CutMix)
 */
export function mixImages(
  images: Tensor,
  { mix, mixAlpha, mixProbability }: Pick<ProbeSettings, "mix" | "mixAlpha" | "mixProbability">,
  rng: Random,
): { readonly images: Tensor; readonly mixed: Mixed | undefined } {
  const [n, , side] = images.shape as [number, number, number, number];
  if (mix === "none" || n < 2 || !rng.chance(mixProbability)) return { images, mixed: undefined };
  if (mix === "cutmix") {
    const draw = cutMix.sample(n, side, mixAlpha, rng);
    const mixed = { partners: draw.map(({ partner }) => partner), kept: draw.map(({ kept }) => kept) };
    return { images: cutMix.apply(images, draw), mixed };
  }
  const partners = Array.from({ length: n }, (_, row) => (row + 1 + rng.integer(n - 1)) % n);
  const kept = partners.map(() => symmetricBeta(mixAlpha, rng));
  const others = ops.indexSelect(images, 0, rowIndex(partners, images));
  return { images: ops.lerp(others, images, perImage(kept, images)), mixed: { partners, kept } };
}
