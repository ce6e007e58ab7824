import { BYTES_PER_ELEMENT, type Dtype } from "../core/dtype.ts";
import { TYPED_ARRAYS, type TypedArray } from "../core/typedArrays.ts";

/** One tensor as a file holds it: plain bytes, no engine. */
export interface TensorData {
  readonly dtype: Dtype;
  /** Sizes of the dimensions; `[]` for a scalar. */
  readonly shape: readonly number[];
  /**
   * Contiguous, row-major, little-endian. May be a view of a larger buffer, and need not start at a multiple of the
   * element size.
   */
  readonly bytes: Uint8Array;
}

/** Tensors by name, in the order of the file. */
export type StateDict = Map<string, TensorData>;

/**
 * A tensor's values, row-major, in the typed array of its dtype: float16 and bfloat16 as raw bits, bool as 0 and 1.
 * @returns an array of its own
 */
export function valuesOf({ dtype, bytes }: TensorData): TypedArray {
  return new TYPED_ARRAYS[dtype](bytes.slice().buffer);
}

/** The most dimensions a tensor in a file may have (libtorch's own iterators stop at 64, NumPy too). */
export const MAX_DIMENSIONS = 64;

/**
 * Number of elements of a shape.
 * @param shape non-negative safe integers
 * @returns the product, or undefined if it is past 2^53 - 1
 */
export function elementCount(shape: readonly number[]): number | undefined {
  let count = 1;
  // A zero must not hide an overflow of the others: strides are computed from them.
  for (const size of shape) count *= Math.max(size, 1);
  if (count > Number.MAX_SAFE_INTEGER) return undefined;
  return shape.includes(0) ? 0 : count;
}

/** Bytes of a contiguous tensor, or undefined if they are past 2^53 - 1. */
export function byteLength(dtype: Dtype, shape: readonly number[]): number | undefined {
  const bytes = (elementCount(shape) ?? Number.POSITIVE_INFINITY) * BYTES_PER_ELEMENT[dtype];
  return bytes > Number.MAX_SAFE_INTEGER ? undefined : bytes;
}
