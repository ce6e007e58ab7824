import { ArgumentError, type Tensor } from "@duchenne/torch";

/** HardNeg's negatives among the entries of the logits, and how much they count. */
export interface HardNegatives {
  /** [rows, columns] bool. */
  readonly mask: Tensor;
  /**
   * As how many ordinary negatives each counts in the sum over a row's negatives. Two hard negatives among hundreds of other
   * people count little, and identity alone then separates a row from the others.
   */
  readonly weight: number;
}

/**
 * Lets hard negatives count more.
 * @param repelled [rows, columns] logits, minus infinity where nothing repels
 * @returns [rows, columns] to be summed over: a hard negative's logit plus the log of the weight
 * @throws ArgumentError unless the weight is above 0
 */
export function weighHardNegatives(repelled: Tensor, { mask, weight }: HardNegatives): Tensor {
  if (!(weight > 0 && weight < Number.POSITIVE_INFINITY))
    throw new ArgumentError(
      "weighHardNegatives",
      "weight",
      "a number above 0",
      String(weight),
      "Pass 1 to weigh them as all others.",
    );
  if (weight === 1) return repelled;
  return repelled.add(mask.to({ dtype: repelled.dtype }).mul(Math.log(weight)));
}
