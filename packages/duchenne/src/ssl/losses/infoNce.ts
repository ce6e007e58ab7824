import { ones, ops, ShapeError, type Tensor, zeros } from "@duchenne/torch";
import { type ContrastiveLoss, contrastiveCrossEntropy, type WeightedFalseNegatives } from "./contrast.ts";
import { l2Normalize } from "./embeddings.ts";
import type { HardNegatives } from "./hardNegatives.ts";
import { anchorPairs, attracting, type Mix, type PositivePairs } from "./positivePairs.ts";

/** Options of `infoNceLoss`. */
export interface InfoNceOptions {
  readonly temperature: number;
  /** Mask [n, n]: which keys of the batch repel which queries besides the queue: HardNeg's. Default none. */
  readonly hardNegatives?: HardNegatives | undefined;
  /** Columns of MaskFN: keys of the batch are 0 … n−1, the queue follows. */
  readonly falseNegatives?: WeightedFalseNegatives | undefined;
  /** CutMix among the keys. */
  readonly mix?: Mix | undefined;
  /** Whether a positive stays out of the sum that it is compared with (DCL). Default no. */
  readonly decoupled?: boolean | undefined;
}

/**
 * MoCo's InfoNCE: cross-entropy of each query's own key against the keys of earlier batches, averaged over queries. Gradients
 * reach the queries only where keys and queue carry none. False negatives leave the negatives and become positives as in
 * `maskFnLoss`; a key mixed by CutMix is a positive of two queries, by area, and repels neither.
 * @param query [n, dim]   @param key [n, dim], row i is the positive of query i   @param queue [size, dim]; all normalised here
 * @returns the loss; `top1`, and MaskFN's figures if it is on
 * @throws ShapeError if the three do not fit; ArgumentError for a weight of hard negatives that is not above 0
 * @see He et al. 2020, arXiv:1911.05722, equation 1; Chen et al. 2020, arXiv:2003.04297 (v2)
 */
export function infoNceLoss(
  query: Tensor,
  key: Tensor,
  queue: Tensor,
  { temperature, hardNegatives, falseNegatives, mix, decoupled }: InfoNceOptions,
): ContrastiveLoss {
  checkShapes(query, key, queue);
  const keys = l2Normalize(ops.cat([key, queue]));
  const logits = l2Normalize(query).matmul(keys.t()).div(temperature);
  const positives = anchorPairs(query.size(0), query.device, mix);
  const ofQueue = columns(ones, queue, query);
  const negatives = ops.cat([ofBatch(positives, query, hardNegatives?.mask), ofQueue], 1);
  const weighed = hardNegatives && {
    mask: ops.cat([hardNegatives.mask, columns(zeros, queue, query)], 1),
    weight: hardNegatives.weight,
  };
  return contrastiveCrossEntropy({
    ...{ logits, positives, negatives, decoupled },
    ...{ hardNegatives: weighed, falseNegatives },
  });
}

function ofBatch(positives: PositivePairs, query: Tensor, hardNegatives?: Tensor): Tensor {
  const count = query.size(0);
  if (!hardNegatives) return zeros([count, count], { dtype: "bool", device: query.device });
  return ops.logicalAnd(hardNegatives, ops.logicalNot(attracting(positives, count)));
}

/** [queries, queue] bool, all alike. */
function columns(fill: typeof ones, queue: Tensor, query: Tensor): Tensor {
  return fill([query.size(0), queue.size(0)], { dtype: "bool", device: query.device });
}

function checkShapes(query: Tensor, key: Tensor, queue: Tensor): void {
  const fits =
    query.ndim === 2 &&
    key.shape.join() === query.shape.join() &&
    queue.ndim === 2 &&
    queue.size(1) === query.size(1);
  if (!fits)
    throw new ShapeError(
      "infoNceLoss",
      "query [n, dim], key [n, dim] and queue [size, dim]",
      [query, key, queue].map(({ shape }) => `[${shape.join(", ")}]`).join(", "),
    );
}
