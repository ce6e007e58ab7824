// Embeddings as losses take them: in two halves, of length 1.
import { ops, ShapeError, type Tensor } from "@duchenne/torch";

/** Rows of length 1: [n, dim] to [n, dim]; a row of zeros stays one. */
export function l2Normalize(x: Tensor): Tensor {
  return x.div(ops.norm(x, 2, 1, true).clamp(1e-12));
}

/** @throws ShapeError unless the tensor is [even, dim] */
export function checkHalves(where: string, embeddings: Tensor): void {
  const [rows = 0, ...rest] = embeddings.shape;
  if (rest.length !== 1 || rows < 2 || rows % 2 !== 0)
    throw new ShapeError(where, "[2·batch, dim]", `[${embeddings.shape.join(", ")}]`);
}
