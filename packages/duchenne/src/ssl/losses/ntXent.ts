import { eye, ops, type Tensor } from "@duchenne/torch";
import {
  type Contrast,
  type ContrastiveLoss,
  checkHalves,
  contrastiveCrossEntropy,
  l2Normalize,
} from "./contrast.ts";
import type { HardNegatives } from "./hardNegatives.ts";
import { attracting, type Mix, mutualPairs, type PositivePairs } from "./positivePairs.ts";

/** Options of `ntXentLoss`. */
export interface NtXentOptions {
  readonly temperature: number;
  /** CutMix among the second half of the rows. */
  readonly mix?: Mix | undefined;
  /** Which of the rows that repel count more than once: HardNeg's. Default none. */
  readonly hardNegatives?: HardNegatives | undefined;
  /** Whether a positive stays out of the sum that it is compared with (DCL). Default no. */
  readonly decoupled?: boolean | undefined;
}

/**
 * Normalised temperature-scaled cross-entropy: of each row's positive against all rows but itself, averaged over rows. With
 * CutMix, an anchor and a positive attract each other by the share of the anchor's image in the positive's area, in both
 * directions, and rows that share a patch do not repel.
 * @param embeddings [2·batch, dim], normalised here; row i and row i + batch are each other's positives
 * @returns the loss, and `top1`
 * @throws ShapeError for an odd number of rows; ArgumentError for a weight of hard negatives that is not above 0
 * @see Chen et al. 2020, arXiv:2002.05709, equation 1
 */
export function ntXentLoss(embeddings: Tensor, options: NtXentOptions): ContrastiveLoss {
  checkHalves("ntXentLoss", embeddings);
  return contrastiveCrossEntropy(amongRows(embeddings, options));
}

/** Every row against every other. */
export function amongRows(
  embeddings: Tensor,
  { temperature, mix, hardNegatives, decoupled }: NtXentOptions,
): Contrast {
  const rows = embeddings.size(0);
  const unit = l2Normalize(embeddings);
  const positives = mutualPairs(rows / 2, embeddings.device, mix);
  const logits = unit.matmul(unit.t()).div(temperature);
  return { logits, positives, negatives: allButSelfAnd(positives, rows), hardNegatives, decoupled };
}

function allButSelfAnd(positives: PositivePairs, size: number): Tensor {
  const self = eye(size, { dtype: "bool", device: positives.rows.device });
  return ops.logicalNot(ops.logicalOr(attracting(positives, size), self));
}
