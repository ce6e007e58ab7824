// The typed arrays in which dtypes cross into JavaScript. No engine is needed for them.
import type { Dtype } from "./dtype.ts";

/** The arrays that tensors take their values from and give them in. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array;

/** The typed array of each dtype. float16 and bfloat16 have none in JavaScript: their bits are a Uint16Array. */
export const TYPED_ARRAYS = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const satisfies Record<Dtype, unknown>;
