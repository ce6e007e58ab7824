import type { Generator } from "./generator.ts";
import * as ops from "./operators.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Elements of x set to 0 with probability p, the others divided by 1 − p.
 * @param generator draws which; default: the device's own
 */
export function maskedDropout(x: Tensor, p: number, generator: Generator | undefined): Tensor {
  if (!generator) return ops.dropout(x, p, true);
  // Uniform numbers compared cost a quarter of Bernoulli ones, and are float32 so that p stays exact in shorter types.
  const drawn = ops.uniform_(ops.emptyLike(x.detach(), { dtype: "float32" }), 0, 1, { generator });
  const kept = drawn.lt(1 - p).to({ dtype: x.dtype });
  return ops.mul(x, kept.mul_(1 / (1 - p)));
}
