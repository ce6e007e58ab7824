import { BYTES_PER_ELEMENT, type Dtype } from "../core/dtype.ts";

/** A tensor laid over a storage. Offset and strides are in elements. */
export interface StridedTensor {
  readonly dtype: Dtype;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/**
 * The highest element a tensor reaches in its storage, plus one; 0 for a tensor without elements.
 * @returns Infinity if it is past 2^53
 */
export function reach({ offset, shape, strides }: StridedTensor): number {
  if (shape.includes(0)) return 0;
  let last = offset;
  shape.forEach((size, dimension) => {
    last += (size - 1) * strides[dimension]!;
  });
  return last < Number.MAX_SAFE_INTEGER ? last + 1 : Number.POSITIVE_INFINITY;
}

/**
 * The tensor's elements, contiguous and row-major: a view of the storage where they lie so already, else a copy.
 * @param storage [bytes] the caller has checked that the tensor's reach is within it
 */
export function contiguousBytes(tensor: StridedTensor, storage: Uint8Array): Uint8Array {
  const elementBytes = BYTES_PER_ELEMENT[tensor.dtype];
  const count = tensor.shape.reduce((product, size) => product * size, 1);
  if (count === 0) return new Uint8Array(0);
  const start = tensor.offset * elementBytes;
  if (isContiguous(tensor)) return storage.subarray(start, start + count * elementBytes);
  return gather(tensor, storage, count);
}

function isContiguous({ shape, strides }: StridedTensor): boolean {
  let expected = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    // A dimension of size 1 is never stepped along.
    if (shape[dimension] !== 1 && strides[dimension] !== expected) return false;
    expected *= shape[dimension]!;
  }
  return true;
}

/** Copies bits, not numbers: a float64 array might change a NaN's. */
function gather(tensor: StridedTensor, storage: Uint8Array, count: number): Uint8Array {
  const elementBytes = BYTES_PER_ELEMENT[tensor.dtype];
  const target = new Uint8Array(count * elementBytes);
  const unitBytes = storage.byteOffset % 4 === 0 ? Math.min(elementBytes, 4) : 1;
  copyUnits(tensor, elementBytes / unitBytes, asUnits(storage, unitBytes), asUnits(target, unitBytes));
  return target;
}

type Units = Uint8Array | Uint16Array<ArrayBufferLike> | Uint32Array<ArrayBufferLike>;

function asUnits(bytes: Uint8Array, unitBytes: number): Units {
  if (unitBytes === 1) return bytes;
  const count = Math.floor(bytes.byteLength / unitBytes);
  if (unitBytes === 2) return new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
}

/** Walks the tensor in row-major order: the last dimension in the inner loop, the others like an odometer. */
function copyUnits(tensor: StridedTensor, units: number, source: Units, target: Units): void {
  const dimensions = mergedDimensions(tensor);
  const inner = dimensions.pop() ?? { size: 1, stride: 1 };
  const outer = dimensions.map((dimension) => ({ ...dimension, position: 0 }));
  let row = tensor.offset * units;
  for (let at = 0; at < target.length; ) {
    for (let index = 0, from = row; index < inner.size; index++, from += inner.stride * units) {
      for (let unit = 0; unit < units; unit++) target[at++] = source[from + unit]!;
    }
    row += advance(outer) * units;
  }
}

interface Dimension {
  readonly size: number;
  readonly stride: number;
}

/**
 * The same walk in as few dimensions as can be: without those of size 1, and with those as one that follow each other
 * evenly (height and width of a channels_last image). A step then moves two of them at most in the mean.
 */
function mergedDimensions({ shape, strides }: StridedTensor): Dimension[] {
  const merged: Dimension[] = [];
  shape.forEach((size, index) => {
    const stride = strides[index]!;
    const outer = merged.at(-1);
    if (size === 1) return;
    if (outer?.stride === size * stride) merged[merged.length - 1] = { size: outer.size * size, stride };
    else merged.push({ size, stride });
  });
  return merged;
}

interface OdometerWheel extends Dimension {
  position: number;
}

/** Moves the odometer on by one; returns how far that is in the storage. */
function advance(wheels: OdometerWheel[]): number {
  let distance = 0;
  for (let index = wheels.length - 1; index >= 0; index--) {
    const wheel = wheels[index]!;
    distance += wheel.stride;
    wheel.position++;
    if (wheel.position < wheel.size) return distance;
    distance -= wheel.position * wheel.stride;
    wheel.position = 0;
  }
  return distance;
}
