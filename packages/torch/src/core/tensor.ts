// Tensor: a slot in the engine's table with arithmetic around it. Shape, dtype and device are always libtorch's own.
import * as data from "./data.ts";
import * as description from "./description.ts";
import { operatorError } from "./dispatch.ts";
import { type Dtype, isDtype } from "./dtype.ts";
import { ArgumentError, refuseUnknown, ShapeError } from "./errors.ts";
import type { Index } from "./indexing.ts";
import * as indexing from "./indexing.ts";
import { native } from "./native.ts";
import * as ops from "./operators.ts";
import type { Device, MemoryFormat, Scalar } from "./schema.ts";
import { track } from "./scope.ts";
import type { TypedArray } from "./typedArrays.ts";

/** Sizes or dimensions, one argument each or all in one array: `view(3, 2)`, `view([3, 2])`. */
export type Size = number[] | [sizes: readonly number[]];

/** Where `to` moves a tensor, and what it converts it to; what is left out stays. */
export interface ToOptions {
  dtype?: Dtype;
  device?: Device;
  memoryFormat?: MemoryFormat;
  /** A new tensor even where nothing changes. Default false. */
  copy?: boolean;
  /** On CUDA, do not wait for the copy. Default false. */
  nonBlocking?: boolean;
}

/** How `backward` treats the recorded graph. */
export interface BackwardOptions {
  /** Keep the graph for another backward pass. Default false. */
  retainGraph?: boolean;
  /** Record the backward pass itself, for second derivatives. Default false. */
  createGraph?: boolean;
  /** Accumulate only into these leaves. Default: every leaf reached. */
  inputs?: readonly Tensor[];
}

/** What `topk` and `sort` give. */
export interface ValuesAndIndices {
  values: Tensor;
  /** int64 */
  indices: Tensor;
}

/** Dimensions to reduce: one, several, or all where left out. */
export type Dimensions = number | readonly number[] | undefined;

/**
 * A tensor of libtorch. Free it with `dispose`, `using`, or by the `scope` it is made in; one that is forgotten is freed
 * when the collector finds it. Every method that makes a tensor gives a new one; those that end in `_` change this one.
 * @throws DisposedError from every use after `dispose`; OperatorError where libtorch refuses
 */
export class Tensor {
  /** @internal Place in the engine's table; -1 once disposed. */
  slot: number;
  /** @internal Outlives its scope. */
  kept = false;

  /** @internal Tensors come from creation functions and operators. */
  constructor(slot: number) {
    if (!(slot >= 0))
      throw new ArgumentError("Tensor", "", "a creation function, as `zeros`", "`new Tensor`");
    this.slot = slot;
    native.guard(this, slot);
    track(this);
  }

  // --- What it is ---

  /** Sizes of the dimensions. */
  get shape(): number[] {
    return description.shapeOf(this.slot);
  }

  /** Elements to step over in memory, per dimension. */
  get strides(): number[] {
    return description.stridesOf(this.slot);
  }

  /** Number of dimensions. */
  get ndim(): number {
    return description.ndimOf(this.slot);
  }

  /** Number of elements. */
  get numel(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /** Type of the elements. */
  get dtype(): Dtype {
    return description.dtypeOf(this.slot);
  }

  /** `cpu`, `cuda:0`. */
  get device(): Device {
    return description.deviceOf(this.slot);
  }

  /** Whether operations on this tensor are recorded, for `backward`. */
  get requiresGrad(): boolean {
    return description.requiresGradOf(this.slot);
  }

  /** Not the result of a recorded operation: where `backward` leaves a gradient. */
  get isLeaf(): boolean {
    return description.isLeafOf(this.slot);
  }

  /** Size along a dimension; negative counts from the end. */
  size(dim: number): number {
    const size = this.shape.at(dim);
    if (size === undefined) throw new ShapeError("size", `a dimension of ${this.describe()}`, String(dim));
    return size;
  }

  /** Whether the elements lie in memory in the order of a memory format. */
  isContiguous(memoryFormat: MemoryFormat = "contiguous"): boolean {
    if (this.isDisposed) throw description.disposed();
    const answer = native.isContiguous(this.slot, memoryFormat);
    if (answer < 0) throw operatorError("isContiguous", [this, memoryFormat]);
    return answer === 1;
  }

  /** `float32[2, 3]`, with the device where it is not the CPU. */
  describe(): string {
    const device = this.device;
    return `${this.dtype}[${this.shape.join(", ")}]${device === "cpu" ? "" : ` on ${device}`}`;
  }

  /** `Tensor(float32[2, 3])`. */
  toString(): string {
    return this.isDisposed ? "Tensor(disposed)" : `Tensor(${this.describe()})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const readable = !this.isDisposed && isDtype(this.dtype) && this.device !== "meta" && this.numel <= 64;
    if (!readable) return this.toString();
    try {
      return `${this.toString()} ${JSON.stringify(this.toArray())}`;
    } catch {
      return this.toString(); // a sparse one, say, or one in oneDNN's layout
    }
  }

  // --- Lifetime ---

  /** Whether `dispose` was called, or the tensor's scope has ended. */
  get isDisposed(): boolean {
    return this.slot < 0;
  }

  /** Gives the memory back now. Memory shared with views, or needed by a recorded graph, goes when they go. */
  dispose(): void {
    if (this.slot >= 0) native.release(this.forget());
  }

  /** As `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal The slot, no longer ours. */
  forget(): number {
    const slot = this.slot;
    this.slot = -1;
    return slot;
  }

  // --- Values ---

  /** The one element; an int64 past 2^53 is rounded. @throws OperatorError if there are more, or none */
  item(): number {
    return Number(ops.item(this));
  }

  /** A copy of the values, row-major, in the typed array of the dtype; float16 and bfloat16 as raw bits. */
  toTypedArray(): TypedArray {
    return data.toTypedArray(this);
  }

  /** The values as nested lists of numbers; a 0-dimensional tensor gives a number. */
  toArray(): data.Nested {
    return data.toArray(this);
  }

  /** `toArray` by PyTorch's name. */
  tolist(): data.Nested {
    return data.toArray(this);
  }

  // --- Autograd ---

  /** The accumulated gradient, or null. Each read is a new handle on the same memory. */
  get grad(): Tensor | null {
    const slot = native.grad(this.slot);
    if (slot === -2) throw description.disposed();
    return slot < 0 ? null : new Tensor(slot);
  }

  /**
   * Replaces the gradient; null forgets it.
   * @throws OperatorError for a gradient of another shape, dtype or device
   */
  set grad(gradient: Tensor | null) {
    if (gradient?.isDisposed) throw description.disposed();
    if (!native.setGrad(this.slot, gradient ? gradient.slot : -1))
      throw operatorError("grad", [this, gradient]);
  }

  /**
   * Switches recording for this tensor on or off.
   * @throws OperatorError for an integer tensor, or a result of recorded operations
   */
  requiresGrad_(requiresGrad = true): this {
    ops.requiresGrad_(this, requiresGrad);
    return this;
  }

  /**
   * Adds the gradient of this tensor to every leaf it came from.
   * @param gradient of this tensor's shape; may be left out for a single element
   */
  backward(gradient: Tensor | null = null, options: BackwardOptions = {}): void {
    const { retainGraph = null, createGraph = false, inputs = [] } = options;
    ops.backward(this, inputs, gradient, retainGraph, createGraph);
  }

  /** The same memory, outside the graph. */
  detach(): Tensor {
    return ops.detach(this);
  }

  // --- Copies and conversions ---

  /**
   * This tensor with another dtype, device or memory format; the same memory if nothing changes, unless `copy`.
   */
  to(options: ToOptions): Tensor {
    refuseUnknown("to", options, ["dtype", "device", "memoryFormat", "copy", "nonBlocking"]);
    const { dtype, device, memoryFormat, copy, nonBlocking } = options;
    return ops.to(this, {
      dtype: dtype ?? null,
      device: device ?? null,
      memory_format: memoryFormat ?? null,
      copy: copy ?? false,
      non_blocking: nonBlocking ?? false,
    });
  }

  /** A copy in memory of its own; the gradient flows through it. */
  clone(): Tensor {
    return ops.clone(this);
  }

  /** This tensor with its elements in the order of a memory format; copied only if they are not. */
  contiguous(memoryFormat: MemoryFormat = "contiguous"): Tensor {
    return ops.contiguous(this, { memory_format: memoryFormat });
  }

  /**
   * Overwrites the elements with those of a tensor that broadcasts to this shape, converting dtype and device.
   */
  copy_(source: Tensor): this {
    ops.copy_(this, source);
    return this;
  }

  // --- Arithmetic: broadcasting and type promotion are libtorch's ---

  /** this + other, element by element. */
  add(other: Tensor | Scalar): Tensor {
    return ops.add(this, other);
  }
  /** this − other, element by element. */
  sub(other: Tensor | Scalar): Tensor {
    return ops.sub(this, other);
  }
  /** this · other, element by element. */
  mul(other: Tensor | Scalar): Tensor {
    return ops.mul(this, other);
  }
  /** this / other, element by element; of integers, float32. */
  div(other: Tensor | Scalar): Tensor {
    return ops.div(this, other);
  }
  /** The remainder of this / other, element by element, with the sign of `other`. */
  remainder(other: Tensor | Scalar): Tensor {
    return ops.remainder(this, other);
  }
  /** this to a power, element by element. */
  pow(exponent: Tensor | Scalar): Tensor {
    return ops.pow(this, exponent);
  }
  /** Adds `other` to this tensor. */
  add_(other: Tensor | Scalar): this {
    ops.add_(this, other);
    return this;
  }
  /** Subtracts `other` from this tensor. */
  sub_(other: Tensor | Scalar): this {
    ops.sub_(this, other);
    return this;
  }
  /** Multiplies this tensor by `other`, element by element. */
  mul_(other: Tensor | Scalar): this {
    ops.mul_(this, other);
    return this;
  }
  /** Divides this tensor by `other`, element by element. */
  div_(other: Tensor | Scalar): this {
    ops.div_(this, other);
    return this;
  }
  /** Sets every element to 0. */
  zero_(): this {
    ops.zero_(this);
    return this;
  }
  /** Sets every element to a value. */
  fill_(value: Tensor | Scalar): this {
    ops.fill_(this, value);
    return this;
  }
  /** −this. */
  neg(): Tensor {
    return ops.neg(this);
  }
  /** |this|, element by element. */
  abs(): Tensor {
    return ops.abs(this);
  }
  /** e to the power of each element. */
  exp(): Tensor {
    return ops.exp(this);
  }
  /** The natural logarithm of each element; NaN below 0. */
  log(): Tensor {
    return ops.log(this);
  }
  /** The square root of each element; NaN below 0. */
  sqrt(): Tensor {
    return ops.sqrt(this);
  }
  /** max(0, x) of each element x. */
  relu(): Tensor {
    return ops.relu(this);
  }
  /** 1 / (1 + exp(−x)) of each element x. */
  sigmoid(): Tensor {
    return ops.sigmoid(this);
  }
  /** The hyperbolic tangent of each element. */
  tanh(): Tensor {
    return ops.tanh(this);
  }
  /** Each element, moved into [min, max]; null sets no bound. */
  clamp(min: Scalar | null = null, max: Scalar | null = null): Tensor {
    return ops.clamp(this, min, max);
  }

  // --- Comparison: bool tensors ---

  /** Whether elements are equal: bool. */
  eq(other: Tensor | Scalar): Tensor {
    return ops.eq(this, other);
  }
  /** Whether elements differ: bool. */
  ne(other: Tensor | Scalar): Tensor {
    return ops.ne(this, other);
  }
  /** Whether elements are below those of `other`: bool. */
  lt(other: Tensor | Scalar): Tensor {
    return ops.lt(this, other);
  }
  /** Whether elements are at most those of `other`: bool. */
  le(other: Tensor | Scalar): Tensor {
    return ops.le(this, other);
  }
  /** Whether elements are above those of `other`: bool. */
  gt(other: Tensor | Scalar): Tensor {
    return ops.gt(this, other);
  }
  /** Whether elements are at least those of `other`: bool. */
  ge(other: Tensor | Scalar): Tensor {
    return ops.ge(this, other);
  }
  /** Whether shapes and values are the same. NaN equals nothing. */
  equal(other: Tensor): boolean {
    return ops.equal(this, other);
  }
  /** Whether |this − other| ≤ atol + rtol · |other| everywhere. */
  allclose(other: Tensor, { rtol = 1e-5, atol = 1e-8, equalNan = false } = {}): boolean {
    return ops.allclose(this, other, rtol, atol, equalNan);
  }
  /** Whether each element is NaN: bool. */
  isnan(): Tensor {
    return ops.isnan(this);
  }
  /** Whether each element is infinite, with either sign: bool. */
  isinf(): Tensor {
    return ops.isinf(this);
  }
  /** Whether each element is neither NaN nor infinite: bool. */
  isfinite(): Tensor {
    return ops.isfinite(this);
  }
  /** Whether each element is false or 0: bool. */
  logicalNot(): Tensor {
    return ops.logicalNot(this);
  }

  // --- Reductions ---

  /** The sum of all elements, or along dimensions. */
  sum(dim?: Dimensions, keepDim = false): Tensor {
    return dim === undefined ? ops.sum(this) : ops.sum(this, dim, keepDim);
  }
  /** The mean of all elements, or along dimensions. @throws OperatorError for an integer tensor */
  mean(dim?: Dimensions, keepDim = false): Tensor {
    return dim === undefined ? ops.mean(this) : ops.mean(this, dim, keepDim);
  }
  /** The product of all elements, or along one dimension. */
  prod(dim?: number, keepDim = false): Tensor {
    return dim === undefined ? ops.prod(this) : ops.prod(this, dim, keepDim);
  }
  /** Whether all elements are true, or all along one dimension: bool. */
  all(dim?: number, keepDim = false): Tensor {
    return dim === undefined ? ops.all(this) : ops.all(this, dim, keepDim);
  }
  /** Whether any element is true, or any along one dimension: bool. */
  any(dim?: number, keepDim = false): Tensor {
    return dim === undefined ? ops.any(this) : ops.any(this, dim, keepDim);
  }
  /** Running sums along a dimension, each with its own element. */
  cumsum(dim: number): Tensor {
    return ops.cumsum(this, dim);
  }
  /** log(Σ exp(x)) along dimensions, without overflow. */
  logsumexp(dim: number | readonly number[], keepDim = false): Tensor {
    return ops.logsumexp(this, dim, keepDim);
  }
  /** Variance with n − 1 in the denominator. */
  var(dim?: Dimensions, keepDim = false): Tensor {
    return ops.variance(this, dim ?? null, true, keepDim);
  }
  /** Standard deviation with n − 1 in the denominator. */
  std(dim?: Dimensions, keepDim = false): Tensor {
    return ops.std(this, dim ?? null, true, keepDim);
  }
  /** The values alone (`ops.max` gives indices too); equal ones share the gradient. */
  max(dim?: Dimensions, keepDim = false): Tensor {
    return ops.amax(this, dim ?? [], keepDim);
  }
  /** The smallest values; equal ones share the gradient. */
  min(dim?: Dimensions, keepDim = false): Tensor {
    return ops.amin(this, dim ?? [], keepDim);
  }
  /** The place of the largest element along a dimension, or among all in row-major order: int64. */
  argmax(dim?: number, keepDim = false): Tensor {
    return ops.argmax(this, dim ?? null, keepDim);
  }
  /** The place of the smallest element along a dimension, or among all in row-major order: int64. */
  argmin(dim?: number, keepDim = false): Tensor {
    return ops.argmin(this, dim ?? null, keepDim);
  }
  /** exp(x) / Σ exp(x) along a dimension. */
  softmax(dim: number): Tensor {
    return ops.softmax(this, dim);
  }
  /** The logarithm of the softmax along a dimension, without underflow. */
  logSoftmax(dim: number): Tensor {
    return ops.logSoftmax(this, dim);
  }
  /** The k largest elements along a dimension, or smallest, in order, and their places (int64). */
  topk(k: number, dim = -1, largest = true): ValuesAndIndices {
    return ops.topk(this, k, dim, largest);
  }
  /** The elements in order along a dimension, and the places they had (int64). */
  sort(dim = -1, descending = false): ValuesAndIndices {
    return ops.sort(this, dim, descending);
  }
  /** The places that `sort` gives: int64. */
  argsort(dim = -1, descending = false): Tensor {
    return ops.argsort(this, dim, descending);
  }

  // --- Linear algebra and shape ---

  /**
   * Matrix product of the last two dimensions; the others are batches and broadcast. Vectors give dot products.
   */
  matmul(other: Tensor): Tensor {
    return ops.matmul(this, other);
  }
  /** [n, m] times [m, p]. */
  mm(other: Tensor): Tensor {
    return ops.mm(this, other);
  }
  /** [batch, n, m] times [batch, m, p]. */
  bmm(other: Tensor): Tensor {
    return ops.bmm(this, other);
  }
  /** [n] and [m] to all products [n, m]. */
  outer(other: Tensor): Tensor {
    return ops.outer(this, other);
  }
  /** A 2-dimensional tensor transposed. */
  t(): Tensor {
    return ops.t(this);
  }
  /** A view with two dimensions exchanged. */
  transpose(dim0: number, dim1: number): Tensor {
    return ops.transpose(this, dim0, dim1);
  }
  /** A view with the dimensions in another order. */
  permute(...dims: Size): Tensor {
    return ops.permute(this, sizeOf(dims));
  }
  /**
   * The same memory in another shape; one size may be −1.
   * @throws OperatorError if the elements' order in memory does not allow it
   */
  view(...size: Size): Tensor {
    return ops.view(this, sizeOf(size));
  }
  /** This tensor in another shape, copied only if a view cannot have it; one size may be −1. */
  reshape(...size: Size): Tensor {
    return ops.reshape(this, sizeOf(size));
  }
  /** Dimensions from `startDim` to `endDim`, both included, made one. */
  flatten(startDim = 0, endDim = -1): Tensor {
    return ops.flatten(this, startDim, endDim);
  }
  /** Without a dimension of size 1; without all of them if none is named. */
  squeeze(dim?: number): Tensor {
    return dim === undefined ? ops.squeeze(this) : ops.squeeze(this, dim);
  }
  /** A view with a new dimension of size 1 at `dim`. */
  unsqueeze(dim: number): Tensor {
    return ops.unsqueeze(this, dim);
  }
  /** A view with dimensions of size 1 repeated to the given sizes; −1 leaves a size as it is. */
  expand(...size: Size): Tensor {
    return ops.expand(this, sizeOf(size));
  }
  /** Copies of this tensor side by side, so many along each dimension. */
  repeat(...repeats: Size): Tensor {
    return ops.repeat(this, sizeOf(repeats));
  }
  /** Views of at most `size` along a dimension each. */
  split(size: number, dim = 0): Tensor[] {
    return ops.split(this, size, dim);
  }
  /** At most `chunks` views of nearly equal size. */
  chunk(chunks: number, dim = 0): Tensor[] {
    return ops.chunk(this, chunks, dim);
  }
  /** One view for each place along a dimension, without that dimension. */
  unbind(dim = 0): Tensor[] {
    return ops.unbind(this, dim);
  }

  // --- Indexing ---

  /** Elements picked along a dimension by an int64 tensor of this one's number of dimensions. */
  gather(dim: number, index: Tensor): Tensor {
    return ops.gather(this, dim, index);
  }
  /** Whole slices picked along a dimension by an int64 tensor [n]. */
  indexSelect(dim: number, index: Tensor): Tensor {
    return ops.indexSelect(this, dim, index);
  }
  /** The elements at which a bool mask is true: [n]. */
  maskedSelect(mask: Tensor): Tensor {
    return ops.maskedSelect(this, mask);
  }
  /** This tensor with a value at the places where a bool tensor, which broadcasts to this shape, is true. */
  maskedFill(mask: Tensor, value: Tensor | Scalar): Tensor {
    return ops.maskedFill(this, mask, value);
  }
  /** Places of the elements other than 0: int64 [n, dimensions]. */
  nonzero(): Tensor {
    return ops.nonzero(this);
  }
  /** This tensor where the condition is true, `other` elsewhere. */
  where(condition: Tensor, other: Tensor | Scalar): Tensor {
    return ops.where(condition, this, other);
  }

  /** Numbers, slices, `null` for a new dimension, `"..."`, and index or mask tensors: see `Index`. */
  at(...indices: Index[]): Tensor {
    return indexing.at(this, indices);
  }

  /** Writes where `at` would read. @param value broadcast to the place */
  setAt(indices: readonly Index[], value: Tensor | Scalar): this {
    indexing.setAt(this, indices, value);
    return this;
  }
}

function sizeOf(size: Size): readonly number[] {
  const [first] = size;
  return typeof first === "object" ? first : (size as number[]);
}
