import { ArgumentError, arange, ops, type Tensor } from "@duchenne/torch";
import { type Layout, positiveOffset, rowCount } from "../sampling/batch.ts";

/** HardNeg's negatives among the entries of the logits, and how much they count. */
export interface HardNegatives {
  /** [rows, columns] bool. */
  readonly mask: Tensor;
  /**
   * As how many ordinary negatives each counts in the sum over a row's negatives. Two among hundreds of strangers are easily
   * drowned, and a row may then be told from the others by identity alone.
   */
  readonly weight: number;
}

/** [rows, rows] bool: the rows of a row's clip that are neither itself nor its positive; none in pairs. */
export function otherRowsOfClip(clips: number, layout: Layout, device: string): Tensor {
  const rows = rowCount({ clips, layout });
  const [ofClip, ofPositive] = [clips, positiveOffset({ clips, layout })].map((modulus) =>
    equalModulo(modulus, rows, device),
  );
  return ops.logicalAnd(ofClip!, ops.logicalNot(ofPositive!));
}

/** [rows, rows] bool: which rows' numbers leave the same remainder. Rows of one clip do, divided by the clips. */
export function equalModulo(modulus: number, rows: number, device: string): Tensor {
  const residue = arange(0, rows, 1, { device }).remainder(modulus);
  return residue.unsqueeze(1).eq(residue.unsqueeze(0));
}

/**
 * Lets hard negatives count more.
 * @param repelled [rows, columns] logits, minus infinity where nothing repels
 * @returns [rows, columns] to be summed over: a hard negative's logit plus the log of the weight
 * @throws ArgumentError unless the weight is above 0
 */
export function weighHardNegatives(repelled: Tensor, { mask, weight }: HardNegatives): Tensor {
  if (!(weight > 0 && weight < Number.POSITIVE_INFINITY))
    throw new ArgumentError("weighHardNegatives", "weight", "a number above 0", String(weight));
  if (weight === 1) return repelled;
  return repelled.add(mask.to({ dtype: repelled.dtype }).mul(Math.log(weight)));
}
