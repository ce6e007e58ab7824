import { arange, ones, ops, type Tensor, zeros } from "@duchenne/torch";

/** CutMix among a batch's positives, as the views report it. */
export interface Mix {
  /** [half] int64: whose patch each positive carries, 0-based within the positives. */
  readonly partner: Tensor;
  /** [half] shares: how much of its own area each positive kept. */
  readonly kept: Tensor;
}

/** Pairs that attract each other: row `rows[k]` of the logits has the positive in column `columns[k]`, by `weights[k]`. */
export interface PositivePairs {
  /** [pairs] int64. */
  readonly rows: Tensor;
  /** [pairs] int64. */
  readonly columns: Tensor;
  /** [pairs]; they add up to the number of anchors. */
  readonly weights: Tensor;
}

/**
 * Anchors (rows) and their positives (columns): i and i. A positive mixed by CutMix belongs to its own anchor by the area it
 * kept and to its partner's anchor by the rest, as CutMix weighs the labels of a mixed image.
 * @param half number of anchors, and of positives
 * @see Yun et al. 2019, arXiv:1905.04899, equation 2
 */
export function anchorPairs(half: number, device: string, mix?: Mix): PositivePairs {
  const own = arange(0, half, 1, { device });
  if (!mix) return { rows: own, columns: own, weights: ones([half], { device }) };
  return {
    rows: ops.cat([own, mix.partner]),
    columns: ops.cat([own, own]),
    weights: ops.cat([mix.kept, ops.rsub(mix.kept, 1)]),
  };
}

/** The same pairs both ways round, where anchors and positives are the two halves of one list of rows. */
export function mutualPairs(half: number, device: string, mix?: Mix): PositivePairs {
  const pairs = anchorPairs(half, device, mix);
  const positives = pairs.columns.add(half);
  return {
    rows: ops.cat([pairs.rows, positives]),
    columns: ops.cat([positives, pairs.rows]),
    weights: ops.cat([pairs.weights, pairs.weights]),
  };
}

/** [size, size] bool: which entries of the logits attract, those of weight 0 not among them. */
export function attracting({ rows, columns, weights }: PositivePairs, size: number): Tensor {
  const total = zeros([size, size], { dtype: weights.dtype, device: weights.device });
  return ops.indexPut_(total, [rows, columns], weights, true).gt(0);
}
