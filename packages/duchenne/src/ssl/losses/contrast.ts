// The core that NT-Xent, MaskFN and InfoNCE share: cross-entropies of attracting pairs against the negatives of their row.
import { noGrad, ops, type Tensor, zeros } from "@duchenne/torch";
import type { FalseNegatives } from "./falseNegatives.ts";
import { type HardNegatives, weighHardNegatives } from "./hardNegatives.ts";
import type { PositivePairs } from "./positivePairs.ts";

/** A scalar loss to differentiate, and detached scalars for the log. */
export interface ContrastiveLoss {
  readonly loss: Tensor;
  /** `top1`, the share of positives ranked before every negative; with MaskFN the loss's parts as well. */
  readonly figures: Readonly<Record<string, Tensor>>;
}

/** What is compared with what. */
export interface Contrast {
  /** [rows, columns] similarities over temperature. */
  readonly logits: Tensor;
  readonly positives: PositivePairs;
  /** [rows, columns] bool: which columns repel a row. Positives are not among them. */
  readonly negatives: Tensor;
  /** Which of the negatives count more than once. */
  readonly hardNegatives?: HardNegatives | undefined;
  readonly falseNegatives?: WeightedFalseNegatives | undefined;
  /** Whether the positive stays out of the sum that it is compared with. Default no. */
  readonly decoupled?: boolean | undefined;
}

/** False negatives that become positives, and how much their cross-entropy counts. */
export interface WeightedFalseNegatives extends FalseNegatives {
  /** λ. */
  readonly weight: number;
}

/**
 * Mean over rows of Σ weight · CE(positive | negatives) + λ · mean of CE(false negative | negatives), where
 * CE(a | B) = −log(exp(a) / (exp(a) + Σ w exp(b))); w is the weight of a hard negative, and 1 of any other. Decoupled, the term
 * exp(a) leaves the denominator of the positives, not of the false negatives: a positive that is already near then still pulls, and small
 * batches learn faster.
 * @see Yeh et al. 2022, arXiv:2110.06848, equation 5 (decoupled)
 */
export function contrastiveCrossEntropy({
  logits,
  positives,
  negatives,
  hardNegatives,
  falseNegatives,
  decoupled = false,
}: Contrast): ContrastiveLoss {
  const repelling = falseNegatives ? withoutFalseNegatives(negatives, falseNegatives) : negatives;
  const repelled = ops.maskedFill(logits, ops.logicalNot(repelling), Number.NEGATIVE_INFINITY);
  const weighed = hardNegatives ? weighHardNegatives(repelled, hardNegatives) : repelled;
  const normalizer = ops.logsumexp(weighed, 1);
  const attracted = ops.index(logits, [positives.rows, positives.columns]);
  const top1 = noGrad(() => rankedFirst(attracted, repelled, positives));
  const against = decoupled ? decoupledCrossEntropy : crossEntropyAgainst;
  const entropies = against(attracted, ops.indexSelect(normalizer, 0, positives.rows));
  const positivePart = entropies.mul(positives.weights).sum().div(logits.size(0));
  if (!falseNegatives) return { loss: positivePart, figures: { top1 } };
  const falseNegativePart = falseNegativeEntropy(logits, normalizer, falseNegatives);
  return {
    loss: positivePart.add(falseNegativePart.mul(falseNegatives.weight)),
    figures: {
      top1,
      lossPositive: positivePart.detach(),
      lossFalseNegative: falseNegativePart.detach(),
      falseNegativesFound: foundShare(falseNegatives),
    },
  };
}

/** CE(entry | negatives) from the log-sum-exp of the negatives; 0 if there is none. */
function crossEntropyAgainst(entries: Tensor, normalizer: Tensor): Tensor {
  return ops.logsumexp(ops.stack([entries, normalizer], -1), -1).sub(entries);
}

/** The same without the entry in the denominator; 0 too if there is no negative. */
function decoupledCrossEntropy(entries: Tensor, normalizer: Tensor): Tensor {
  return ops.maskedFill(normalizer.sub(entries), normalizer.eq(Number.NEGATIVE_INFINITY), 0);
}

/** A tie does not count: a collapsed network ranks nothing first. */
function rankedFirst(attracted: Tensor, repelled: Tensor, { rows, weights }: PositivePairs): Tensor {
  const best = ops.indexSelect(repelled.max(1), 0, rows);
  return attracted.gt(best).mul(weights).sum().div(repelled.size(0));
}

function withoutFalseNegatives(negatives: Tensor, { indices, valid }: FalseNegatives): Tensor {
  const found = zeros(negatives.shape, { dtype: "bool", device: negatives.device });
  return ops.logicalAnd(negatives, ops.logicalNot(ops.scatter(found, 1, indices, valid)));
}

function falseNegativeEntropy(
  logits: Tensor,
  normalizer: Tensor,
  { indices, valid, shares }: FalseNegatives,
): Tensor {
  const entries = ops.gather(logits, 1, indices);
  const entropies = crossEntropyAgainst(entries, normalizer.unsqueeze(1).expand(...indices.shape));
  const counted = shares ? entropies.mul(shares) : entropies;
  const total = ops.maskedFill(counted, ops.logicalNot(valid), 0).sum(1);
  return total.div(valid.sum(1).clamp(1)).mean();
}

/** The share of rows that found at least one. */
function foundShare({ valid }: FalseNegatives): Tensor {
  return valid.max(1).to({ dtype: "float32" }).mean();
}
