// What a tensor computes: methods that are one operator each. Tensor is the one class that has them.
import * as ops from "./operators.ts";
import type { Scalar } from "./schema.ts";
import type { Tensor } from "./tensor.ts";

/** Sizes or dimensions, one argument each or all in one array: `view(3, 2)`, `view([3, 2])`. */
export type Size = number[] | [sizes: readonly number[]];

/** What `topk` and `sort` give. */
export interface ValuesAndIndices {
  values: Tensor;
  /** int64 */
  indices: Tensor;
}

/** Dimensions to reduce: one, several, or all where left out. */
export type Dimensions = number | readonly number[] | undefined;

/** The operators that are methods of every tensor. Those that end in `_` change it and return it. */
export abstract class TensorOperations {
  // --- Arithmetic: broadcasting and type promotion are libtorch's ---

  /** this + other, element by element. */
  add(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.add(this, other);
  }
  /** this − other, element by element. */
  sub(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.sub(this, other);
  }
  /** this · other, element by element. */
  mul(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.mul(this, other);
  }
  /** this / other, element by element; of integers, float32. */
  div(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.div(this, other);
  }
  /** The remainder of this / other, element by element, with the sign of `other`. */
  remainder(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.remainder(this, other);
  }
  /** this to a power, element by element. */
  pow(this: Tensor, exponent: Tensor | Scalar): Tensor {
    return ops.pow(this, exponent);
  }
  /** Adds `other` to this tensor. */
  add_(this: Tensor, other: Tensor | Scalar): Tensor {
    ops.add_(this, other);
    return this;
  }
  /** Subtracts `other` from this tensor. */
  sub_(this: Tensor, other: Tensor | Scalar): Tensor {
    ops.sub_(this, other);
    return this;
  }
  /** Multiplies this tensor by `other`, element by element. */
  mul_(this: Tensor, other: Tensor | Scalar): Tensor {
    ops.mul_(this, other);
    return this;
  }
  /** Divides this tensor by `other`, element by element. */
  div_(this: Tensor, other: Tensor | Scalar): Tensor {
    ops.div_(this, other);
    return this;
  }
  /** Sets every element to 0. */
  zero_(this: Tensor): Tensor {
    ops.zero_(this);
    return this;
  }
  /** Sets every element to a value. */
  fill_(this: Tensor, value: Tensor | Scalar): Tensor {
    ops.fill_(this, value);
    return this;
  }
  /** −this. */
  neg(this: Tensor): Tensor {
    return ops.neg(this);
  }
  /** |this|, element by element. */
  abs(this: Tensor): Tensor {
    return ops.abs(this);
  }
  /** e to the power of each element. */
  exp(this: Tensor): Tensor {
    return ops.exp(this);
  }
  /** The natural logarithm of each element; NaN below 0. */
  log(this: Tensor): Tensor {
    return ops.log(this);
  }
  /** The square root of each element; NaN below 0. */
  sqrt(this: Tensor): Tensor {
    return ops.sqrt(this);
  }
  /** max(0, x) of each element x. */
  relu(this: Tensor): Tensor {
    return ops.relu(this);
  }
  /** 1 / (1 + exp(−x)) of each element x. */
  sigmoid(this: Tensor): Tensor {
    return ops.sigmoid(this);
  }
  /** The hyperbolic tangent of each element. */
  tanh(this: Tensor): Tensor {
    return ops.tanh(this);
  }
  /** Each element, moved into [min, max]; null sets no bound. */
  clamp(this: Tensor, min: Scalar | null = null, max: Scalar | null = null): Tensor {
    return ops.clamp(this, min, max);
  }

  // --- Comparison: bool tensors ---

  /** Whether elements are equal: bool. */
  eq(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.eq(this, other);
  }
  /** Whether elements differ: bool. */
  ne(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.ne(this, other);
  }
  /** Whether elements are below those of `other`: bool. */
  lt(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.lt(this, other);
  }
  /** Whether elements are at most those of `other`: bool. */
  le(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.le(this, other);
  }
  /** Whether elements are above those of `other`: bool. */
  gt(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.gt(this, other);
  }
  /** Whether elements are at least those of `other`: bool. */
  ge(this: Tensor, other: Tensor | Scalar): Tensor {
    return ops.ge(this, other);
  }
  /** Whether shapes and values are the same. NaN equals nothing. */
  equal(this: Tensor, other: Tensor): boolean {
    return ops.equal(this, other);
  }
  /** Whether |this − other| ≤ atol + rtol · |other| everywhere. */
  allclose(this: Tensor, other: Tensor, { rtol = 1e-5, atol = 1e-8, equalNan = false } = {}): boolean {
    return ops.allclose(this, other, rtol, atol, equalNan);
  }
  /** Whether each element is NaN: bool. */
  isnan(this: Tensor): Tensor {
    return ops.isnan(this);
  }
  /** Whether each element is infinite, with either sign: bool. */
  isinf(this: Tensor): Tensor {
    return ops.isinf(this);
  }
  /** Whether each element is neither NaN nor infinite: bool. */
  isfinite(this: Tensor): Tensor {
    return ops.isfinite(this);
  }
  /** Whether each element is false or 0: bool. */
  logicalNot(this: Tensor): Tensor {
    return ops.logicalNot(this);
  }

  // --- Reductions ---

  /** The sum of all elements, or along dimensions. */
  sum(this: Tensor, dim?: Dimensions, keepDim = false): Tensor {
    return dim === undefined ? ops.sum(this) : ops.sum(this, dim, keepDim);
  }
  /** The mean of all elements, or along dimensions. @throws OperatorError for an integer tensor */
  mean(this: Tensor, dim?: Dimensions, keepDim = false): Tensor {
    return dim === undefined ? ops.mean(this) : ops.mean(this, dim, keepDim);
  }
  /** The product of all elements, or along one dimension. */
  prod(this: Tensor, dim?: number, keepDim = false): Tensor {
    return dim === undefined ? ops.prod(this) : ops.prod(this, dim, keepDim);
  }
  /** Whether all elements are true, or all along one dimension: bool. */
  all(this: Tensor, dim?: number, keepDim = false): Tensor {
    return dim === undefined ? ops.all(this) : ops.all(this, dim, keepDim);
  }
  /** Whether any element is true, or any along one dimension: bool. */
  any(this: Tensor, dim?: number, keepDim = false): Tensor {
    return dim === undefined ? ops.any(this) : ops.any(this, dim, keepDim);
  }
  /** Running sums along a dimension, each with its own element. */
  cumsum(this: Tensor, dim: number): Tensor {
    return ops.cumsum(this, dim);
  }
  /** log(Σ exp(x)) along dimensions, without overflow. */
  logsumexp(this: Tensor, dim: number | readonly number[], keepDim = false): Tensor {
    return ops.logsumexp(this, dim, keepDim);
  }
  /** Variance with n − 1 in the denominator. */
  var(this: Tensor, dim?: Dimensions, keepDim = false): Tensor {
    return ops.variance(this, dim ?? null, true, keepDim);
  }
  /** Standard deviation with n − 1 in the denominator. */
  std(this: Tensor, dim?: Dimensions, keepDim = false): Tensor {
    return ops.std(this, dim ?? null, true, keepDim);
  }
  /** (Σ |x|ᵖ)^(1/p), of all elements or along dimensions. */
  norm(this: Tensor, p = 2, dim?: Dimensions, keepDim = false): Tensor {
    return dim === undefined ? ops.norm(this, p) : ops.norm(this, p, dim, keepDim);
  }
  /** The values alone (`ops.max` gives indices too); equal ones share the gradient. */
  max(this: Tensor, dim?: Dimensions, keepDim = false): Tensor {
    return ops.amax(this, dim ?? [], keepDim);
  }
  /** The smallest values; equal ones share the gradient. */
  min(this: Tensor, dim?: Dimensions, keepDim = false): Tensor {
    return ops.amin(this, dim ?? [], keepDim);
  }
  /** The place of the largest element along a dimension, or among all in row-major order: int64. */
  argmax(this: Tensor, dim?: number, keepDim = false): Tensor {
    return ops.argmax(this, dim ?? null, keepDim);
  }
  /** The place of the smallest element along a dimension, or among all in row-major order: int64. */
  argmin(this: Tensor, dim?: number, keepDim = false): Tensor {
    return ops.argmin(this, dim ?? null, keepDim);
  }
  /** exp(x) / Σ exp(x) along a dimension. */
  softmax(this: Tensor, dim: number): Tensor {
    return ops.softmax(this, dim);
  }
  /** The logarithm of the softmax along a dimension, without underflow. */
  logSoftmax(this: Tensor, dim: number): Tensor {
    return ops.logSoftmax(this, dim);
  }
  /** The k largest elements along a dimension, or smallest, in order, and their places (int64). */
  topk(this: Tensor, k: number, dim = -1, largest = true): ValuesAndIndices {
    return ops.topk(this, k, dim, largest);
  }
  /** The elements in order along a dimension, and the places they had (int64). */
  sort(this: Tensor, dim = -1, descending = false): ValuesAndIndices {
    return ops.sort(this, dim, descending);
  }
  /** The places that `sort` gives: int64. */
  argsort(this: Tensor, dim = -1, descending = false): Tensor {
    return ops.argsort(this, dim, descending);
  }

  // --- Linear algebra and shape ---

  /**
   * Matrix product of the last two dimensions; the others are batches and broadcast. Vectors give dot products.
   */
  matmul(this: Tensor, other: Tensor): Tensor {
    return ops.matmul(this, other);
  }
  /** [n, m] times [m, p]. */
  mm(this: Tensor, other: Tensor): Tensor {
    return ops.mm(this, other);
  }
  /** [batch, n, m] times [batch, m, p]. */
  bmm(this: Tensor, other: Tensor): Tensor {
    return ops.bmm(this, other);
  }
  /** [n] and [m] to all products [n, m]. */
  outer(this: Tensor, other: Tensor): Tensor {
    return ops.outer(this, other);
  }
  /** A 2-dimensional tensor transposed. */
  t(this: Tensor): Tensor {
    return ops.t(this);
  }
  /** A view with two dimensions exchanged. */
  transpose(this: Tensor, dim0: number, dim1: number): Tensor {
    return ops.transpose(this, dim0, dim1);
  }
  /** A view with the dimensions in another order. */
  permute(this: Tensor, ...dims: Size): Tensor {
    return ops.permute(this, sizeOf(dims));
  }
  /**
   * The same memory in another shape; one size may be −1.
   * @throws OperatorError if the elements' order in memory does not allow it
   */
  view(this: Tensor, ...size: Size): Tensor {
    return ops.view(this, sizeOf(size));
  }
  /** This tensor in another shape, copied only if a view cannot have it; one size may be −1. */
  reshape(this: Tensor, ...size: Size): Tensor {
    return ops.reshape(this, sizeOf(size));
  }
  /** Dimensions from `startDim` to `endDim`, both included, made one. */
  flatten(this: Tensor, startDim = 0, endDim = -1): Tensor {
    return ops.flatten(this, startDim, endDim);
  }
  /** Without a dimension of size 1; without all of them if none is named. */
  squeeze(this: Tensor, dim?: number): Tensor {
    return dim === undefined ? ops.squeeze(this) : ops.squeeze(this, dim);
  }
  /** A view with a new dimension of size 1 at `dim`. */
  unsqueeze(this: Tensor, dim: number): Tensor {
    return ops.unsqueeze(this, dim);
  }
  /** A view with dimensions of size 1 repeated to the given sizes; −1 leaves a size as it is. */
  expand(this: Tensor, ...size: Size): Tensor {
    return ops.expand(this, sizeOf(size));
  }
  /** Copies of this tensor side by side, so many along each dimension. */
  repeat(this: Tensor, ...repeats: Size): Tensor {
    return ops.repeat(this, sizeOf(repeats));
  }
  /** Views of at most `size` along a dimension each. */
  split(this: Tensor, size: number, dim = 0): Tensor[] {
    return ops.split(this, size, dim);
  }
  /** At most `chunks` views of nearly equal size. */
  chunk(this: Tensor, chunks: number, dim = 0): Tensor[] {
    return ops.chunk(this, chunks, dim);
  }
  /** One view for each place along a dimension, without that dimension. */
  unbind(this: Tensor, dim = 0): Tensor[] {
    return ops.unbind(this, dim);
  }

  // --- Indexing ---

  /** Elements picked along a dimension by an int64 tensor of this one's number of dimensions. */
  gather(this: Tensor, dim: number, index: Tensor): Tensor {
    return ops.gather(this, dim, index);
  }
  /** Whole slices picked along a dimension by an int64 tensor [n]. */
  indexSelect(this: Tensor, dim: number, index: Tensor): Tensor {
    return ops.indexSelect(this, dim, index);
  }
  /** The elements at which a bool mask is true: [n]. */
  maskedSelect(this: Tensor, mask: Tensor): Tensor {
    return ops.maskedSelect(this, mask);
  }
  /** This tensor with a value at the places where a bool tensor, which broadcasts to this shape, is true. */
  maskedFill(this: Tensor, mask: Tensor, value: Tensor | Scalar): Tensor {
    return ops.maskedFill(this, mask, value);
  }
  /** Places of the elements other than 0: int64 [n, dimensions]. */
  nonzero(this: Tensor): Tensor {
    return ops.nonzero(this);
  }
  /** This tensor where the condition is true, `other` elsewhere. */
  where(this: Tensor, condition: Tensor, other: Tensor | Scalar): Tensor {
    return ops.where(condition, this, other);
  }
}

function sizeOf(size: Size): readonly number[] {
  const [first] = size;
  return typeof first === "object" ? first : (size as number[]);
}
