import { maskedDropout } from "./dropout.ts";
import { ArgumentError, refuseUnknown } from "./errors.ts";
import type { Generator } from "./generator.ts";
import * as ops from "./operators.ts";
import { scope } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

/** What `scaledDotProductAttention` weighs by. */
export interface AttentionOptions {
  /** [..., L, S], broadcast: bool, true where a query may attend to a key, or numbers that are added to the scores. */
  attnMask?: Tensor | null;
  /** Share of the weights that become 0; the others are divided by 1 − dropoutP. Default 0. */
  dropoutP?: number;
  /** Query i attends to keys 0 … i alone; excludes `attnMask`. Default false. */
  isCausal?: boolean;
  /** Factor of the scores. Default 1 / √dim. */
  scale?: number;
  /** Draws what is dropped. Default: the device's own. */
  generator?: Generator;
}

/**
 * softmax(scale · Q Kᵀ + mask) V. A query that may attend to no key gives NaN, as in PyTorch before 2.5.
 * @param query [..., L, dim]   @param key [..., S, dim]   @param value [..., S, dimV]
 * @returns [..., L, dimV]
 * @throws ArgumentError for unknown options, or a mask besides `isCausal`; OperatorError for shapes that do not fit
 * @see Vaswani et al. 2017, arXiv:1706.03762
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  return scope(() => ops.matmul(attentionWeights(query, key, options), value));
}

/** @internal The weights that values are summed by, dropout included: [..., L, S]. */
export function attentionWeights(query: Tensor, key: Tensor, options: AttentionOptions): Tensor {
  const where = "scaledDotProductAttention";
  refuseUnknown(where, options, ["attnMask", "dropoutP", "isCausal", "scale", "generator"]);
  const { attnMask, dropoutP = 0, isCausal = false, generator } = options;
  if (attnMask && isCausal)
    throw new ArgumentError(where, "attnMask", "none, with isCausal", "both", "Leave one of them out.");
  if (!(dropoutP >= 0 && dropoutP < 1))
    throw new ArgumentError(
      where,
      "dropoutP",
      "a probability in [0, 1)",
      String(dropoutP),
      "Pass 0 for none.",
    );
  const scale = options.scale ?? 1 / Math.sqrt(query.size(-1));
  const scores = ops.matmul(ops.mul(query, scale), key.transpose(-2, -1));
  const mask = isCausal ? causalMask(scores) : attnMask;
  const weights = ops.softmax(mask ? masked(scores, mask) : scores, -1);
  return dropoutP === 0 ? weights : maskedDropout(weights, dropoutP, generator);
}

function masked(scores: Tensor, mask: Tensor): Tensor {
  return mask.dtype === "bool"
    ? ops.maskedFill(scores, ops.logicalNot(mask), Number.NEGATIVE_INFINITY)
    : ops.add(scores, mask);
}

function causalMask(scores: Tensor): Tensor {
  return ops.tril(ops.ones([scores.size(-2), scores.size(-1)], { dtype: "bool", device: scores.device }));
}
