import { noGrad, ops, ShapeError, type Tensor } from "@duchenne/torch";
import type { ContrastiveLoss } from "./contrast.ts";
import { checkHalves, l2Normalize } from "./embeddings.ts";
import { type Mix, mutualPairs, type PositivePairs } from "./positivePairs.ts";

/**
 * BYOL's loss, symmetrised: 2 − 2 cos(prediction of a view, target of the other view), both ways round, averaged over pairs
 * of views. With CutMix a prediction and a target attract each other by the area they share.
 * @param predictions [2·batch, dim]; row i and row i + batch are views of the same   @param targets [2·batch, dim], without gradient
 * @returns the loss in [0, 8], and `top1`: the share of targets nearer to their prediction than any other row's target
 * @throws ShapeError if the two differ in shape, or for an odd number of rows
 * @see Grill et al. 2020, arXiv:2006.07733, equation 2
 */
export function byolLoss(
  predictions: Tensor,
  targets: Tensor,
  { mix }: { readonly mix?: Mix | undefined } = {},
): ContrastiveLoss {
  checkHalves("byolLoss", predictions);
  if (targets.shape.join() !== predictions.shape.join())
    throw new ShapeError(
      "byolLoss: targets",
      `[${predictions.shape.join(", ")}]`,
      `[${targets.shape.join(", ")}]`,
    );
  const half = predictions.size(0) / 2;
  const pairs = mutualPairs(half, predictions.device, mix);
  const [unit, unitTargets] = [l2Normalize(predictions), l2Normalize(targets)];
  const cosines = pick(unit, pairs.rows).mul(pick(unitTargets, pairs.columns)).sum(1);
  const loss = ops.rsub(cosines, 1).mul(pairs.weights).sum().mul(2).div(half);
  return { loss, figures: { top1: noGrad(() => nearestTarget(unit, unitTargets, pairs)) } };
}

function pick(tensor: Tensor, rows: Tensor): Tensor {
  return ops.indexSelect(tensor, 0, rows);
}

/** Of all targets but a row's own view, weighed as the pairs are. */
function nearestTarget(unit: Tensor, unitTargets: Tensor, { rows, columns, weights }: PositivePairs): Tensor {
  const similarity = unit.matmul(unitTargets.t());
  ops.diagonal(similarity).fill_(Number.NEGATIVE_INFINITY);
  const best = similarity.argmax(1);
  return pick(best, rows).eq(columns).mul(weights).sum().div(unit.size(0));
}
