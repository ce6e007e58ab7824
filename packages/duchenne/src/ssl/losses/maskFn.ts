import { ShapeError, type Tensor } from "@duchenne/torch";
import type { ContrastiveLoss } from "./contrast.ts";
import { checkHalves } from "./embeddings.ts";
import type { FalseNegatives } from "./falseNegatives.ts";
import { contrastAmongRows, type NtXentOptions } from "./ntXent.ts";

/** Options of `maskFnLoss`. */
export interface MaskFnOptions extends NtXentOptions {
  /** λ: weight of the false negatives' cross-entropy. */
  readonly weight: number;
}

/**
 * NT-Xent with MaskFN: false negatives leave the negatives and become positives of their own, CE(positive | negatives) +
 * λ · mean of CE(false negative | negatives), averaged over all rows; a row that found none has no second part.
 * @param embeddings [2·batch, dim], normalised here; row i and row i + batch are each other's positives
 * @param falseNegatives [2·batch, n], as `findFalseNegatives` gives them
 * @returns the loss; `top1`, `lossPositive`, `lossFalseNegative` and `falseNegativesFound`, the share of rows with any
 * @throws ShapeError for an odd number of rows, or another number of them in the false negatives; ArgumentError for a weight of
 * hard negatives that is not above 0
 * @see Shu et al. 2022, arXiv:2210.03853, section 3.4
 */
export function maskFnLoss(
  embeddings: Tensor,
  falseNegatives: FalseNegatives,
  { weight, ...options }: MaskFnOptions,
): ContrastiveLoss {
  checkHalves("maskFnLoss", embeddings);
  const [rows, found] = [embeddings.size(0), falseNegatives.indices.shape];
  if (found.length !== 2 || found[0] !== rows || falseNegatives.valid.shape.join() !== found.join())
    throw new ShapeError("maskFnLoss: falseNegatives", `[${rows}, n]`, `[${found.join(", ")}]`);
  return contrastAmongRows(embeddings, options, { ...falseNegatives, weight });
}
