import { ops, type Tensor, tensor } from "@duchenne/torch";

/** Copies rows of a matrix. @param features [n, d]   @returns [indices, d] */
export function selectRows(features: Tensor, indices: readonly number[]): Tensor {
  return ops.indexSelect(features, 0, tensor(Int32Array.from(indices), { device: features.device }));
}

/** Divides each row by its L2 norm; a row of zeros stays. @param rows [n, d]   @returns [n, d] */
export const normalizeRows = (rows: Tensor): Tensor => rows.div(ops.norm(rows, 2, [1], true).clamp(1e-12));
