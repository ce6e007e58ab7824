// New tensors of a size. Random ones take the generator they draw from.
import type { TensorOptions } from "./data.ts";
import { refuseUnknown } from "./errors.ts";
import type { Generator } from "./generator.ts";
import * as ops from "./operators.ts";
import type { Scalar } from "./schema.ts";
import type { Tensor } from "./tensor.ts";

/** As TensorOptions, and what the numbers are drawn from. */
export interface RandomOptions extends TensorOptions {
  /** Default: the device's own, shared by the process. */
  generator?: Generator;
}

type Size = readonly number[];

function finish(made: Tensor, { requiresGrad }: TensorOptions): Tensor {
  return requiresGrad ? made.requiresGrad_() : made;
}

function place(where: string, options: TensorOptions, more: readonly string[] = []) {
  refuseUnknown(where, options, ["dtype", "device", "requiresGrad", ...more]);
  const { dtype, device } = options;
  return { dtype: dtype ?? null, device: device ?? null };
}

function draw(where: string, options: RandomOptions) {
  return { generator: options.generator ?? null, ...place(where, options, ["generator"]) };
}

/** Zeros of a size. @param size [n0, n1, …] */
export function zeros(size: Size, options: TensorOptions = {}): Tensor {
  return finish(ops.zeros(size, place("zeros", options)), options);
}

/** Ones of a size. @param size [n0, n1, …] */
export function ones(size: Size, options: TensorOptions = {}): Tensor {
  return finish(ops.ones(size, place("ones", options)), options);
}

/** One value in a size. @param size [n0, n1, …]   @param value an integer makes an int64 tensor, a bool a bool one */
export function full(size: Size, value: Scalar, options: TensorOptions = {}): Tensor {
  return finish(ops.full(size, value, place("full", options)), options);
}

/** Memory as it comes: fill it before it is read. */
export function empty(size: Size, options: TensorOptions = {}): Tensor {
  return finish(ops.empty(size, place("empty", options)), options);
}

/** Zeros of another tensor's shape, dtype and device, those named excepted. */
export function zerosLike(like: Tensor, options: TensorOptions = {}): Tensor {
  return finish(ops.zerosLike(like, place("zerosLike", options)), options);
}

/** Ones of another tensor's shape, dtype and device, those named excepted. */
export function onesLike(like: Tensor, options: TensorOptions = {}): Tensor {
  return finish(ops.onesLike(like, place("onesLike", options)), options);
}

/** One value in another tensor's shape, dtype and device, those named excepted. */
export function fullLike(like: Tensor, value: Scalar, options: TensorOptions = {}): Tensor {
  return finish(ops.fullLike(like, value, place("fullLike", options)), options);
}

/** The identity matrix [n, n]. */
export function eye(n: number, options: TensorOptions = {}): Tensor {
  return finish(ops.eye(n, place("eye", options)), options);
}

/** start, start + step, … below end; integers are int64, as in PyTorch. */
export function arange(start: number, end: number, step = 1, options: TensorOptions = {}): Tensor {
  return finish(ops.arange(start, end, step, place("arange", options)), options);
}

/** `steps` values from start to end, both included. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  return finish(ops.linspace(start, end, steps, place("linspace", options)), options);
}

/** Uniform on [0, 1). */
export function rand(size: Size, options: RandomOptions = {}): Tensor {
  return finish(ops.rand(size, draw("rand", options)), options);
}

/** Standard normal. */
export function randn(size: Size, options: RandomOptions = {}): Tensor {
  return finish(ops.randn(size, draw("randn", options)), options);
}

/** Uniform on [0, 1), of another tensor's shape, dtype and device, those named excepted. */
export function randLike({ shape, dtype, device }: Tensor, options: RandomOptions = {}): Tensor {
  return rand(shape, { dtype, device, ...options });
}

/** Standard normal, of another tensor's shape, dtype and device, those named excepted. */
export function randnLike({ shape, dtype, device }: Tensor, options: RandomOptions = {}): Tensor {
  return randn(shape, { dtype, device, ...options });
}

/** Integers in [low, high), int64. */
export function randint(low: number, high: number, size: Size, options: RandomOptions = {}): Tensor {
  return finish(
    ops.randint(low, high, size, { ...draw("randint", options), dtype: options.dtype ?? "int64" }),
    options,
  );
}

/** A permutation of 0 … n−1, int64. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  return ops.randperm(n, draw("randperm", options));
}
