// Tensor: a slot in the engine's table with arithmetic around it. Shape, dtype and device are always libtorch's own.
import * as data from "./data.ts";
import * as description from "./description.ts";
import { operatorError } from "./dispatch.ts";
import { type Dtype, isDtype } from "./dtype.ts";
import { ArgumentError, disposedTensor, refuseUnknown, ShapeError } from "./errors.ts";
import type { Index } from "./indexing.ts";
import * as indexing from "./indexing.ts";
import { native } from "./native.ts";
import * as ops from "./operators.ts";
import type { Device, MemoryFormat, Scalar } from "./schema.ts";
import { track } from "./scope.ts";
import { TensorOperations } from "./tensorOperations.ts";
import type { TypedArray } from "./typedArrays.ts";

/** Where `to` moves a tensor, and what it converts it to; what is left out stays. */
export interface ToOptions {
  dtype?: Dtype;
  device?: Device;
  memoryFormat?: MemoryFormat;
  /** A new tensor even if nothing changes. Default false. */
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

/**
 * A tensor of libtorch. Free it with `dispose`, `using`, or by the `scope` it is made in; one that is forgotten is freed
 * when the collector finds it. Every method that makes a tensor gives a new one; those that end in `_` change this one.
 * @throws DisposedError from every use after `dispose`; OperatorError if libtorch refuses
 */
export class Tensor extends TensorOperations {
  /** @internal Place in the engine's table; below 0 once disposed. */
  slot: number;
  /** @internal Outlives its scope. */
  kept = false;

  /** @internal Tensors come from creation functions and operators. */
  constructor(slot: number) {
    super();
    if (!(slot >= 0))
      throw new ArgumentError(
        "Tensor",
        "",
        "a creation function, as `zeros`",
        "`new Tensor`",
        "Call `tensor`, `zeros`, `ones` or another one.",
      );
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
    if (size === undefined)
      throw new ShapeError(
        "size",
        `a dimension of ${this.describe()}`,
        String(dim),
        "Dimensions count from 0, and from the end by negative numbers.",
      );
    return size;
  }

  /** Whether the elements lie in memory in the order of a memory format. */
  isContiguous(memoryFormat: MemoryFormat = "contiguous"): boolean {
    if (this.isDisposed) throw disposedTensor("isContiguous", "this", this.slot);
    const answer = native.isContiguous(this.slot, memoryFormat);
    if (answer < 0) throw operatorError("isContiguous", [this, memoryFormat]);
    return answer === 1;
  }

  /** `float32[2, 3]`, with the device if it is not the CPU. */
  describe(): string {
    const device = this.device;
    return `${this.dtype}[${this.shape.join(", ")}]${device === "cpu" ? "" : ` on ${device}`}`;
  }

  /** `Tensor(float32[2, 3])`. */
  override toString(): string {
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

  /** @internal The slot, no longer ours. @param why the slot from now on, which errors explain */
  forget(why = -1): number {
    const slot = this.slot;
    this.slot = why;
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
    if (this.isDisposed) throw disposedTensor("grad", "this", this.slot);
    return slot < 0 ? null : new Tensor(slot);
  }

  /**
   * Replaces the gradient; null forgets it.
   * @throws OperatorError for a gradient of another shape, dtype or device
   */
  set grad(gradient: Tensor | null) {
    if (gradient?.isDisposed) throw disposedTensor("grad", "gradient", gradient.slot);
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
