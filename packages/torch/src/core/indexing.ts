// Python's t[0, 1:3, ..., mask] as values.
import { ArgumentError } from "./errors.ts";
import * as ops from "./operators.ts";
import type { Scalar } from "./schema.ts";
import { scope } from "./scope.ts";
import { Tensor } from "./tensor.ts";

/**
 * One index of a dimension.
 * - a number selects and drops the dimension; negative counts from the end
 * - `[start, end, step]` slices; `null` or a missing end means to the end, `[]` the whole dimension
 * - `null` inserts a dimension of size 1
 * - `"..."` stands for as many whole dimensions as are left
 * - an integer tensor picks, a boolean tensor masks, broadcast against each other as in PyTorch
 */
export type Index = number | null | "..." | readonly (number | null)[] | Tensor;

// Basic indices give a view; index tensors are gathered per dimension for one aten::index at the end.
interface Resolved {
  view: Tensor;
  picks: (Tensor | null)[];
}

// A mask stands for as many dimensions as it has, but is one entry of aten::index's list.
function consumed(index: Index): number {
  if (index === null || index === "...") return 0;
  return index instanceof Tensor && index.dtype === "bool" ? index.ndim : 1;
}

function resolve(tensor: Tensor, indices: readonly Index[]): Resolved {
  const used = indices.reduce((sum: number, index) => sum + consumed(index), 0);
  const skipped = tensor.ndim - used;
  if (skipped < 0 || indices.filter((index) => index === "...").length > 1)
    throw new ArgumentError(
      "at",
      "indices",
      `at most ${tensor.ndim} and one "..."`,
      `${used} used`,
      "Pass at most one index per dimension.",
    );
  let view = tensor;
  let dim = 0;
  const picks: (Tensor | null)[] = [];
  const keepDims = (count: number) => {
    dim += count;
    for (let i = 0; i < count; i++) picks.push(null);
  };
  for (const index of indices) {
    if (typeof index === "number") view = ops.select(view, dim, index);
    else if (index === "...") keepDims(skipped);
    else if (index === null) {
      view = ops.unsqueeze(view, dim);
      keepDims(1);
    } else if (index instanceof Tensor) {
      picks.push(index);
      dim += consumed(index);
    } else {
      if (!Array.isArray(index) || index.length > 3)
        throw new ArgumentError(
          "at",
          "indices",
          'numbers, [start, end, step], null, "..." or tensors',
          String(index),
          "Use one of these forms.",
        );
      const [start = null, end = null, step = 1] = index;
      view = ops.slice(view, dim, start, end, step ?? 1);
      keepDims(1);
    }
  }
  return { view, picks };
}

/** @throws ArgumentError for too many indices; OperatorError for one out of range */
export function at(tensor: Tensor, indices: readonly Index[]): Tensor {
  return scope(() => {
    const { view, picks } = resolve(tensor, indices);
    if (picks.some((pick) => pick !== null)) return ops.index(view, picks);
    return view === tensor ? ops.alias(tensor) : view;
  });
}

/** Writes into the place that `at` reads. */
export function setAt(tensor: Tensor, indices: readonly Index[], value: Tensor | Scalar): void {
  scope(() => {
    const { view, picks } = resolve(tensor, indices);
    const source =
      value instanceof Tensor ? value : ops.full([], value, { dtype: tensor.dtype, device: tensor.device });
    if (picks.some((pick) => pick !== null)) ops.indexPut_(view, picks, source);
    else ops.copy_(view, source);
  });
}
