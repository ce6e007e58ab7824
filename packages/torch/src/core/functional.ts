// Functions of several operators that PyTorch users know, from torch and torch.nn.functional.
import { refuseUnknown } from "./errors.ts";
import * as ops from "./operators.ts";
import { scope } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

/** How `normalize` measures vectors. */
export interface NormalizeOptions {
  /** Order of the norm. Default 2. */
  p?: number;
  /** Dimension along which the vectors lie. Default 1. */
  dim?: number;
  /** Smallest norm that a vector is divided by. Default 1e-12. */
  eps?: number;
}

/**
 * Vectors divided by their length, x / max(‖x‖ₚ, eps), as torch.nn.functional.normalize.
 * @param x any shape with the dimension `dim`
 * @returns the same shape; a vector of zeros stays one
 * @throws OperatorError if x has no such dimension; ArgumentError for an unknown option
 */
export function normalize(x: Tensor, options: NormalizeOptions = {}): Tensor {
  refuseUnknown("normalize", options, ["p", "dim", "eps"]);
  const { p = 2, dim = 1, eps = 1e-12 } = options;
  return scope(() => ops.div(x, ops.clamp(ops.norm(x, p, [dim], true), eps)));
}

/** What `unique` gives besides the values. */
export interface UniqueOptions {
  /** Ascending values. Default true. */
  sorted?: boolean;
}

/** The different values of a tensor. */
export interface Unique {
  /** [n], each once. */
  values: Tensor;
  /** int64, of the tensor's shape: where each element stands in `values`. */
  inverse: Tensor;
  /** int64 [n]: how often each value occurs. */
  counts: Tensor;
}

/** The different values of a tensor of any shape, where each element is among them, and how often each occurs. */
export function unique(x: Tensor, { sorted = true }: UniqueOptions = {}): Unique {
  const [values, inverse, counts] = ops.unique2(x, sorted, true, true);
  return { values, inverse, counts };
}
