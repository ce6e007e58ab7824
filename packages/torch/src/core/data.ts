// Values in and out: typed arrays and nested lists.
import { dispatch, operatorError } from "./dispatch.ts";
import { BYTES_PER_ELEMENT, type Dtype } from "./dtype.ts";
import { ArgumentError, refuseUnknown, ShapeError } from "./errors.ts";
import { native } from "./native.ts";
import { countRead } from "./reads.ts";
import type { Device } from "./schema.ts";
import { scope } from "./scope.ts";
import { reserve, tape } from "./tape.ts";
import { Tensor } from "./tensor.ts";
import { TYPED_ARRAYS, type TypedArray } from "./typedArrays.ts";

/** Values as nested lists of equal lengths; of a 0-dimensional tensor, one number. */
export type Nested = number | Nested[];

/** More dimensions than libtorch computes with; a list that holds itself would have no end. */
const deepestList = 64;

const naturalDtypes = new Map<string, Dtype>([
  ["Float32Array", "float32"],
  ["Float64Array", "float64"],
  ["Int8Array", "int8"],
  ["Int16Array", "int16"],
  ["Int32Array", "int32"],
  ["BigInt64Array", "int64"],
  ["Uint8Array", "uint8"],
  ["Uint8ClampedArray", "uint8"],
]);

/** How a new tensor is made. */
export interface TensorOptions {
  /** Default: float32, or what the values are. */
  dtype?: Dtype;
  /** Default `cpu`. */
  device?: Device;
  /** Gradients are accumulated for it. Default false. */
  requiresGrad?: boolean;
}

/**
 * A tensor of the given values, copied.
 * @param values a number or boolean, nested lists of equal lengths (float32; bool of booleans, int64 of BigInts), or a typed
 * array (its own dtype; a Uint16Array holds raw bits and needs the dtype float16 or bfloat16)
 * @param options `shape` is that of a typed array, default [length]
 * @throws ShapeError for ragged lists or a shape of another size; ArgumentError for values that are no numbers, or none of
 * the integer dtype asked for
 */
export function tensor(
  values: Nested | boolean | readonly unknown[] | TypedArray,
  options: TensorOptions & { shape?: readonly number[] } = {},
): Tensor {
  refuseUnknown("tensor", options, ["dtype", "device", "requiresGrad", "shape"]);
  return scope(() => {
    const made = ArrayBuffer.isView(values) ? fromArray(values, options) : fromNested(values, options);
    const { dtype, device, requiresGrad } = options;
    const cast = dtype ? made.to({ dtype }) : made;
    const moved = device ? upload(cast, device) : cast;
    return requiresGrad ? moved.requiresGrad_() : moved;
  });
}

/**
 * A tensor of the CPU on a device. To a GPU it goes through pinned memory, so that nothing waits for the copy, and `values` may be
 * written to again at once.
 * @returns the tensor itself if the device is the CPU
 */
export function upload(values: Tensor, device: Device): Tensor {
  if (!device.startsWith("cuda")) return values.to({ device });
  return scope(() => {
    const pinned = dispatch("aten::pin_memory", [values]) as Tensor;
    return pinned.to({ device, nonBlocking: true });
  });
}

/**
 * A tensor on a typed array's own memory: writes to either show in both. The array's memory stays alive as long as the
 * tensor does, also when its buffer is transferred to another thread meanwhile.
 * @param shape default [length]   @param dtype default the array's own; float16 and bfloat16 take a Uint16Array
 * @throws ArgumentError for an array on a resizable buffer, whose memory can vanish
 */
export function sharedTensor(values: TypedArray, shape?: readonly number[], dtype?: Dtype): Tensor {
  if (!ArrayBuffer.isView(values))
    throw new ArgumentError(
      "sharedTensor",
      "values",
      "a typed array",
      typeof values,
      "Pass one, or copy a list: `tensor(values)`.",
    );
  const buffer = values.buffer as ArrayBufferLike & { resizable?: boolean; growable?: boolean };
  if (buffer.resizable || buffer.growable)
    throw new ArgumentError(
      "sharedTensor",
      "values",
      "an array on a buffer of fixed length",
      "a resizable buffer",
      "Copy it: `tensor(values)`.",
    );
  return make(
    "sharedTensor",
    native.fromShared,
    values,
    shape ?? [values.length],
    sharedDtype(values, dtype),
  );
}

/** The bits stay as they are, so only dtypes that read them as the array does. */
function sharedDtype(values: TypedArray, dtype: Dtype | undefined): Dtype {
  const halves = values instanceof Uint16Array && (dtype === "float16" || dtype === "bfloat16");
  const booleans = values instanceof Uint8Array && dtype === "bool";
  if (halves || booleans) return dtype;
  const natural = naturalDtype(values);
  if (dtype === undefined || dtype === natural) return natural;
  throw new ArgumentError(
    "sharedTensor",
    "dtype",
    `${natural}, as the array's`,
    dtype,
    "Convert a copy: `tensor(values, { dtype })`.",
  );
}

type FromArrayOptions = TensorOptions & { shape?: readonly number[] };

function fromArray(values: ArrayBufferView, { shape, dtype }: FromArrayOptions): Tensor {
  const array = values as TypedArray;
  const raw = array instanceof Uint16Array && (dtype === "float16" || dtype === "bfloat16");
  return make("tensor", native.fromBytes, array, shape ?? [array.length], raw ? dtype : naturalDtype(array));
}

function make(
  where: string,
  from: Native["fromBytes"],
  values: TypedArray,
  shape: readonly number[],
  dtype: Dtype,
): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== values.length || shape.some((size) => !Number.isSafeInteger(size) || size < 0))
    throw new ShapeError(
      where,
      `a shape of ${values.length} elements`,
      `[${shape.join(", ")}]`,
      "Pass a shape whose sizes multiply to the array's length.",
    );
  return fromBytes(where, from, values, shape, dtype);
}

type Native = typeof native;

function fromBytes(
  where: string,
  from: Native["fromBytes"],
  bytes: ArrayBufferView,
  shape: readonly number[],
  dtype: Dtype,
): Tensor {
  reserve(shape.length);
  tape.set(shape);
  const code = native.dtypeFromName(dtype);
  if (code < 0)
    throw new ArgumentError(
      where,
      "dtype",
      `one of ${Object.keys(TYPED_ARRAYS).join(", ")}`,
      String(dtype),
      "Use one of these.",
    );
  const slot = from(bytes, code, shape.length);
  if (slot < 0) throw operatorError(where, []);
  return new Tensor(slot);
}

/** @internal A tensor from the bytes of a weights file, copied. */
export function tensorFromBytes(bytes: Uint8Array, shape: readonly number[], dtype: Dtype): Tensor {
  return fromBytes("tensorFromBytes", native.fromBytes, bytes, shape, dtype);
}

function naturalDtype(values: TypedArray | ArrayBufferView): Dtype {
  const kind = values.constructor.name;
  const dtype = naturalDtypes.get(kind === "Buffer" ? "Uint8Array" : kind);
  if (!dtype)
    throw new ArgumentError(
      "tensor",
      "values",
      [...naturalDtypes.keys()].join(", "),
      kind,
      "Convert it to one of these first.",
    );
  return dtype;
}

function fromNested(values: Nested | boolean | readonly unknown[], options: TensorOptions): Tensor {
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0]) {
    if (shape.length === deepestList)
      throw new ShapeError(
        "tensor",
        `lists at most ${deepestList} deep`,
        "a deeper one",
        "Pass a flat list, and give it its shape by `reshape`.",
      );
    shape.push(level.length);
  }
  const flat: (number | boolean | bigint)[] = [];
  flatten(values, shape, 0, flat);
  const count = shape.reduce((product, size) => product * size, 1);
  if (flat.length !== count)
    throw new ShapeError(
      "tensor",
      `lists of shape [${shape.join(", ")}]`,
      `${flat.length} values`,
      "Make all lists of one level equally long.",
    );
  if (flat.length > 0 && flat.every((value) => typeof value === "boolean"))
    return fromBytes("tensor", native.fromBytes, Uint8Array.from(flat, Number), shape, "bool");
  const dtype = options.dtype ?? (flat.length > 0 && flat.every(isBigInt) ? "int64" : undefined);
  const range = integerRange(dtype);
  if (range) checkIntegers(flat, range, dtype!);
  if (dtype === "int64")
    return make("tensor", native.fromBytes, BigInt64Array.from(flat, BigInt), shape, "int64");
  // Other dtypes go through float64, which holds all of their values exactly.
  if (options.dtype)
    return make("tensor", native.fromBytes, Float64Array.from(flat, Number), shape, "float64");
  return make("tensor", native.fromBytes, Float32Array.from(flat, Number), shape, "float32");
}

const isBigInt = (value: unknown): value is bigint => typeof value === "bigint";

type Range = readonly [low: number | bigint, high: number | bigint];

/** Bounds, both included, of an integer dtype's values; undefined for other dtypes. */
function integerRange(dtype: Dtype | undefined): Range | undefined {
  if (dtype === "uint8") return [0, 255];
  if (!dtype?.startsWith("int")) return undefined;
  const half = 1n << BigInt(8 * BYTES_PER_ELEMENT[dtype] - 1);
  return [-half, half - 1n];
}

// A cast would wrap or cut them without a word.
function checkIntegers(flat: readonly (number | boolean | bigint)[], [low, high]: Range, dtype: Dtype): void {
  const fits = (value: number | boolean | bigint) =>
    typeof value === "boolean" ||
    ((typeof value === "bigint" || Number.isInteger(value)) && value >= low && value <= high);
  const broken = flat.find((value) => !fits(value));
  if (broken !== undefined)
    throw new ArgumentError(
      "tensor",
      "values",
      `integers in [${low}, ${high}] for ${dtype}`,
      String(broken),
      "Round it first, or use a dtype that holds it.",
    );
}

function flatten(
  values: unknown,
  shape: readonly number[],
  depth: number,
  out: (number | boolean | bigint)[],
): void {
  if (depth === shape.length) {
    if (typeof values !== "number" && typeof values !== "boolean" && typeof values !== "bigint")
      throw new ArgumentError(
        "tensor",
        "values",
        `numbers ${depth} lists deep`,
        Array.isArray(values) ? "a list" : typeof values,
        "Make all lists equally deep, of numbers, bigints or booleans.",
      );
    out.push(values);
    return;
  }
  if (!Array.isArray(values) || values.length !== shape[depth])
    throw new ShapeError(
      "tensor",
      `lists of length ${shape[depth]} at depth ${depth}`,
      Array.isArray(values) ? `length ${values.length}` : typeof values,
      "Make all lists of one level equally long.",
    );
  for (const value of values) flatten(value, shape, depth + 1, out);
}

/** @see Tensor.toTypedArray */
export function toTypedArray(source: Tensor): TypedArray {
  const dtype = source.dtype;
  if (!(dtype in TYPED_ARRAYS))
    throw new ArgumentError(
      "toTypedArray",
      "this",
      `one of ${Object.keys(TYPED_ARRAYS).join(", ")}`,
      source.describe(),
      "Convert it first: `x.to({ dtype })`.",
    );
  const out = new TYPED_ARRAYS[dtype](source.numel);
  countRead();
  if (!native.toBytes(source.slot, out)) throw operatorError("toTypedArray", [source]);
  return out;
}

/** @see Tensor.toArray */
export function toArray(source: Tensor): Nested {
  const shape = source.shape;
  const exact = source.dtype === "float16" || source.dtype === "bfloat16" ? "float32" : undefined;
  const flat = exact ? scope(() => toTypedArray(source.to({ dtype: exact }))) : toTypedArray(source);
  let next = 0;
  const nest = (depth: number): Nested =>
    depth === shape.length
      ? Number(flat[next++])
      : Array.from({ length: shape[depth]! }, () => nest(depth + 1));
  return nest(0);
}
