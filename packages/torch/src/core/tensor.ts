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

  get shape(): number[] {
    return description.shapeOf(this.slot);
  }

  /** Elements to step over in memory, per dimension. */
  get strides(): number[] {
    return description.stridesOf(this.slot);
  }

  get ndim(): number {
    return description.ndimOf(this.slot);
  }

  /** Number of elements. */
  get numel(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  get dtype(): Dtype {
    return description.dtypeOf(this.slot);
  }

  /** `cpu`, `cuda:0`. */
  get device(): Device {
    return description.deviceOf(this.slot);
  }

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

  get isDisposed(): boolean {
    return this.slot < 0;
  }

  /** Gives the memory back now. Memory shared with views, or needed by a recorded graph, goes when they go. */
  dispose(): void {
    if (this.slot >= 0) native.release(this.forget());
  }

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

  set grad(gradient: Tensor | null) {
    if (gradient?.isDisposed) throw description.disposed();
    if (!native.setGrad(this.slot, gradient ? gradient.slot : -1))
      throw operatorError("grad", [this, gradient]);
  }

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

  clone(): Tensor {
    return ops.clone(this);
  }

  contiguous(memoryFormat: MemoryFormat = "contiguous"): Tensor {
    return ops.contiguous(this, { memory_format: memoryFormat });
  }

  copy_(source: Tensor): this {
    ops.copy_(this, source);
    return this;
  }

  // --- Arithmetic: broadcasting and type promotion are libtorch's ---

  add(other: Tensor | Scalar): Tensor {
    return ops.add(this, other);
  }
  sub(other: Tensor | Scalar): Tensor {
    return ops.sub(this, other);
  }
  mul(other: Tensor | Scalar): Tensor {
    return ops.mul(this, other);
  }
  div(other: Tensor | Scalar): Tensor {
    return ops.div(this, other);
  }
  remainder(other: Tensor | Scalar): Tensor {
    return ops.remainder(this, other);
  }
  pow(exponent: Tensor | Scalar): Tensor {
    return ops.pow(this, exponent);
  }
  add_(other: Tensor | Scalar): this {
    ops.add_(this, other);
    return this;
  }
  sub_(other: Tensor | Scalar): this {
    ops.sub_(this, other);
    return this;
  }
  mul_(other: Tensor | Scalar): this {
    ops.mul_(this, other);
    return this;
  }
  div_(other: Tensor | Scalar): this {
    ops.div_(this, other);
    return this;
  }
  zero_(): this {
    ops.zero_(this);
    return this;
  }
  fill_(value: Tensor | Scalar): this {
    ops.fill_(this, value);
    return this;
  }
  neg(): Tensor {
    return ops.neg(this);
  }
  abs(): Tensor {
    return ops.abs(this);
  }
  exp(): Tensor {
    return ops.exp(this);
  }
  log(): Tensor {
    return ops.log(this);
  }
  sqrt(): Tensor {
    return ops.sqrt(this);
  }
  relu(): Tensor {
    return ops.relu(this);
  }
  sigmoid(): Tensor {
    return ops.sigmoid(this);
  }
  tanh(): Tensor {
    return ops.tanh(this);
  }
  clamp(min: Scalar | null = null, max: Scalar | null = null): Tensor {
    return ops.clamp(this, min, max);
  }

  // --- Comparison: bool tensors ---

  eq(other: Tensor | Scalar): Tensor {
    return ops.eq(this, other);
  }
  ne(other: Tensor | Scalar): Tensor {
    return ops.ne(this, other);
  }
  lt(other: Tensor | Scalar): Tensor {
    return ops.lt(this, other);
  }
  le(other: Tensor | Scalar): Tensor {
    return ops.le(this, other);
  }
  gt(other: Tensor | Scalar): Tensor {
    return ops.gt(this, other);
  }
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
  isnan(): Tensor {
    return ops.isnan(this);
  }
  isinf(): Tensor {
    return ops.isinf(this);
  }
  isfinite(): Tensor {
    return ops.isfinite(this);
  }
  logicalNot(): Tensor {
    return ops.logicalNot(this);
  }

  // --- Reductions ---

  sum(dim?: Dimensions, keepDim = false): Tensor {
    return dim === undefined ? ops.sum(this) : ops.sum(this, dim, keepDim);
  }
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
  cumsum(dim: number): Tensor {
    return ops.cumsum(this, dim);
  }
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
  min(dim?: Dimensions, keepDim = false): Tensor {
    return ops.amin(this, dim ?? [], keepDim);
  }
  argmax(dim?: number, keepDim = false): Tensor {
    return ops.argmax(this, dim ?? null, keepDim);
  }
  argmin(dim?: number, keepDim = false): Tensor {
    return ops.argmin(this, dim ?? null, keepDim);
  }
  softmax(dim: number): Tensor {
    return ops.softmax(this, dim);
  }
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
  argsort(dim = -1, descending = false): Tensor {
    return ops.argsort(this, dim, descending);
  }

  // --- Linear algebra and shape ---

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
  transpose(dim0: number, dim1: number): Tensor {
    return ops.transpose(this, dim0, dim1);
  }
  permute(...dims: Size): Tensor {
    return ops.permute(this, sizeOf(dims));
  }
  view(...size: Size): Tensor {
    return ops.view(this, sizeOf(size));
  }
  reshape(...size: Size): Tensor {
    return ops.reshape(this, sizeOf(size));
  }
  flatten(startDim = 0, endDim = -1): Tensor {
    return ops.flatten(this, startDim, endDim);
  }
  /** Without a dimension of size 1; without all of them if none is named. */
  squeeze(dim?: number): Tensor {
    return dim === undefined ? ops.squeeze(this) : ops.squeeze(this, dim);
  }
  unsqueeze(dim: number): Tensor {
    return ops.unsqueeze(this, dim);
  }
  expand(...size: Size): Tensor {
    return ops.expand(this, sizeOf(size));
  }
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
