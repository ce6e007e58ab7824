// Functions of several operators that PyTorch users know, from torch and torch.nn.functional.
import { ArgumentError, refuseUnknown, ShapeError } from "./errors.ts";
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

/** How `interpolate` resizes. */
export interface InterpolateOptions {
  /** [height, width] in pixels. */
  size: readonly [height: number, width: number];
  /** Default nearest, as in PyTorch. */
  mode?: "nearest" | "bilinear" | "bicubic";
  /** Corners of the first and last pixels, not their edges, keep their places. Not for nearest. Default false. */
  alignCorners?: boolean;
  /** Average over all pixels that fall together when shrinking. For bilinear. Default false. */
  antialias?: boolean;
}

/**
 * Images resized, as torch.nn.functional.interpolate.
 * @param x [n, channels, height, width]
 * @returns [n, channels, ...size]
 * @throws ShapeError for another number of dimensions; ArgumentError for an option that the mode does not take
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  refuseUnknown("interpolate", options, ["size", "mode", "alignCorners", "antialias"]);
  const { size, mode = "nearest", alignCorners = false, antialias = false } = options;
  if (x.ndim !== 4) throw new ShapeError("interpolate", "[n, channels, height, width]", x.describe());
  if (antialias && mode !== "bilinear") throw wrongMode("antialias", "bilinear", mode);
  if (alignCorners && mode === "nearest") throw wrongMode("alignCorners", "bilinear or bicubic", mode);
  switch (mode) {
    case "nearest":
      return ops.interpolateNearest(x, size);
    case "bilinear":
      return (antialias ? ops.interpolateBilinearAntialias : ops.interpolateBilinear)(x, size, alignCorners);
    case "bicubic":
      return ops.interpolateBicubic(x, size, alignCorners);
    default:
      throw new ArgumentError("interpolate", "mode", "nearest, bilinear or bicubic", String(mode));
  }
}

function wrongMode(option: string, expected: string, received: string): ArgumentError {
  return new ArgumentError("interpolate", "mode", `${expected}, with ${option}`, received);
}
