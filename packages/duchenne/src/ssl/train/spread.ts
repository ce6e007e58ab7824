/** Figures that show a representation collapse. */
import { noGrad, ops, scope, type Tensor } from "@duchenne/torch";

const SMALLEST_NORM = 1e-12;

function normalizeRows(embeddings: Tensor): Tensor {
  return embeddings.div(ops.norm(embeddings, 2, [1], true).clamp(SMALLEST_NORM));
}

/**
 * How far l2-normalised embeddings spread: their standard deviation, mean over dimensions, times √dim.
 * @param embeddings [n, dim], n at least 2
 * @returns scalar tensor: about 1 where they fill the sphere, 0 where all are one
 * @see Chen & He 2021, arXiv:2011.10566, section 4.1
 */
export function embeddingSpread(embeddings: Tensor): Tensor {
  return noGrad(() =>
    scope(() => ops.std(normalizeRows(embeddings), [0]).mean().mul(Math.sqrt(embeddings.shape[1]!))),
  );
}

/**
 * Over how many dimensions embeddings spread: exp of the entropy of their singular values, as shares of the sum.
 * @param embeddings [n, dim]
 * @returns scalar tensor from 1 to min(n, dim)
 * @see Roy & Vetterli 2007, "The effective rank"
 */
export function effectiveRank(embeddings: Tensor): Tensor {
  return noGrad(() =>
    scope(() => {
      const values = ops.svdvals(embeddings.to({ dtype: "float32" }));
      const shares = values.div(values.sum().clamp(SMALLEST_NORM));
      const logs = shares.clamp(SMALLEST_NORM).log();
      return shares.mul(logs).sum().neg().exp();
    }),
  );
}
