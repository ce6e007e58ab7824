/** What images without a label teach in fine-tuning: pseudo-labels, and that two views show one face. */
import { noGrad, ops, type Tensor } from "@duchenne/torch";
import { l2Normalize } from "../../ssl/losses/embeddings.ts";
import { ntXentLoss } from "../../ssl/losses/ntXent.ts";

/** Of SimCLR's loss between the views. */
const TEMPERATURE = 0.1;

/** What a network makes of one view of the images. */
export interface ViewOutputs {
  /** [n, classes] */
  readonly outputs: Tensor;
  /** [n, d] of the backbone. */
  readonly features: Tensor;
}

/** How much is taken for a label, and what the views' agreement weighs. */
export interface SemiOptions {
  /** Least probability of the class that a pseudo-label takes. */
  readonly threshold: number;
  /** Weight of the contrastive term. */
  readonly contrast: number;
}

/**
 * The class that the mildly changed view is surely of is the label of the strongly changed one; an image of which the network is not
 * sure adds nothing to that sum, whose mean is over all images. SimCLR's loss holds the features of both views together.
 * @returns scalar
 * @see Sohn et al. 2020, arXiv:2001.07685 (FixMatch); Chen et al. 2020, arXiv:2002.05709, equation 1
 */
export function semiLoss(
  mild: ViewOutputs,
  strong: ViewOutputs,
  { threshold, contrast }: SemiOptions,
): Tensor {
  const pseudo = pseudoLabelLoss(mild.outputs, strong.outputs, threshold);
  if (contrast === 0) return pseudo;
  const features = ops.cat([l2Normalize(mild.features), l2Normalize(strong.features)]);
  return pseudo.add(ntXentLoss(features, { temperature: TEMPERATURE }).loss.mul(contrast));
}

function pseudoLabelLoss(mild: Tensor, strong: Tensor, threshold: number): Tensor {
  const { values: sureness, indices: labels } = noGrad(() => ops.max(ops.softmax(mild.detach(), 1), 1));
  const isSure = sureness.ge(threshold).to({ dtype: "float32" });
  return ops.crossEntropy(strong, labels, null, "none").mul(isSure).mean();
}
