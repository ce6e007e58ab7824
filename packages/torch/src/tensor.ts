// Tensor: a slot in the engine's table with arithmetic around it. Shape, dtype and device are always libtorch's own.
import type { TypedArray } from "./data.ts";
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

export interface ToOptions {
  dtype?: Dtype;
  device?: Device;
  memoryFormat?: MemoryFormat;
  /** A new tensor even where nothing changes. Default false. */
  copy?: boolean;
  /** On CUDA, do not wait for the copy. Default false. */
  nonBlocking?: boolean;
}

export interface BackwardOptions {
  /** Keep the graph for another backward pass. Default false. */
  retainGraph?: boolean;
  /** Record the backward pass itself, for second derivatives. Default false. */
  createGraph?: boolean;
  /** Accumulate only into these leaves. Default: every leaf reached. */
  inputs?: readonly Tensor[];
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
    ops.requiresGradInPlace(this, requiresGrad);
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
    ops.copyInPlace(this, source);
    return this;
  }

  // --- Arithmetic: broadcasting and type promotion are libtorch's ---

  add(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.add(this, other) : ops.addScalar(this, other);
  }
  sub(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.sub(this, other) : ops.subScalar(this, other);
  }
  mul(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.mul(this, other) : ops.mulScalar(this, other);
  }
  div(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.div(this, other) : ops.divScalar(this, other);
  }
  remainder(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.remainder(this, other) : ops.remainderScalar(this, other);
  }
  pow(exponent: Tensor | Scalar): Tensor {
    return exponent instanceof Tensor ? ops.pow(this, exponent) : ops.powScalar(this, exponent);
  }
  add_(other: Tensor | Scalar): this {
    if (other instanceof Tensor) ops.addInPlace(this, other);
    else ops.addScalarInPlace(this, other);
    return this;
  }
  sub_(other: Tensor | Scalar): this {
    if (other instanceof Tensor) ops.subInPlace(this, other);
    else ops.subScalarInPlace(this, other);
    return this;
  }
  mul_(other: Tensor | Scalar): this {
    if (other instanceof Tensor) ops.mulInPlace(this, other);
    else ops.mulScalarInPlace(this, other);
    return this;
  }
  div_(other: Tensor | Scalar): this {
    if (other instanceof Tensor) ops.divInPlace(this, other);
    else ops.divScalarInPlace(this, other);
    return this;
  }
  zero_(): this {
    ops.zeroInPlace(this);
    return this;
  }
  fill_(value: Scalar): this {
    ops.fillInPlace(this, value);
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
    return other instanceof Tensor ? ops.eq(this, other) : ops.eqScalar(this, other);
  }
  ne(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.ne(this, other) : ops.neScalar(this, other);
  }
  lt(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.lt(this, other) : ops.ltScalar(this, other);
  }
  le(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.le(this, other) : ops.leScalar(this, other);
  }
  gt(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.gt(this, other) : ops.gtScalar(this, other);
  }
  ge(other: Tensor | Scalar): Tensor {
    return other instanceof Tensor ? ops.ge(this, other) : ops.geScalar(this, other);
  }

  // --- Reductions ---

  sum(dim?: Dimensions, keepDim = false): Tensor {
    return dim === undefined ? ops.sumAll(this) : ops.sum(this, dim, keepDim);
  }
  mean(dim?: Dimensions, keepDim = false): Tensor {
    return dim === undefined ? ops.meanAll(this) : ops.mean(this, dim, keepDim);
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

  // --- Linear algebra and shape ---

  matmul(other: Tensor): Tensor {
    return ops.matmul(this, other);
  }
  /** A 2-dimensional tensor transposed. */
  t(): Tensor {
    return ops.t(this);
  }
  transpose(dim0: number, dim1: number): Tensor {
    return ops.transpose(this, dim0, dim1);
  }
  permute(...dims: number[]): Tensor {
    return ops.permute(this, dims);
  }
  view(...size: number[]): Tensor {
    return ops.view(this, size);
  }
  reshape(...size: number[]): Tensor {
    return ops.reshape(this, size);
  }
  flatten(startDim = 0, endDim = -1): Tensor {
    return ops.flatten(this, startDim, endDim);
  }
  squeeze(dim: number): Tensor {
    return ops.squeeze(this, dim);
  }
  unsqueeze(dim: number): Tensor {
    return ops.unsqueeze(this, dim);
  }
  expand(...size: number[]): Tensor {
    return ops.expand(this, size);
  }

  // --- Indexing ---

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
