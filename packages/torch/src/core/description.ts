// What libtorch says of a tensor, by slot. Never remembered: in-place operators change shapes, too.
import type { Dtype } from "./dtype.ts";
import { disposedTensor } from "./errors.ts";
import { native } from "./native.ts";
import type { Device } from "./schema.ts";
import { reserve, tape } from "./tape.ts";

/** Where native `describe` writes what. */
enum Field {
  dtype = 0,
  deviceType = 1,
  deviceIndex = 2,
  requiresGrad = 3,
  isLeaf = 4,
  dimensions = 5,
  sizes = 6,
}

const dtypeNames: Dtype[] = [];
const deviceTypeNames: string[] = [];

function read(slot: number, field: Field): number {
  const length = native.describe(slot);
  if (length < 0) throw disposedTensor("Tensor", "this", slot);
  if (length > tape.length) {
    reserve(length);
    native.describe(slot);
  }
  return tape[field]!;
}

/** Number of dimensions. @throws DisposedError for a slot that holds nothing, as all functions here */
export function ndimOf(slot: number): number {
  return read(slot, Field.dimensions);
}

/** Sizes of the dimensions. */
export function shapeOf(slot: number): number[] {
  const ndim = ndimOf(slot); // first: it may replace the tape
  return Array.from(tape.subarray(Field.sizes, Field.sizes + ndim));
}

/** Elements to step over in memory, per dimension. */
export function stridesOf(slot: number): number[] {
  const ndim = ndimOf(slot);
  return Array.from(tape.subarray(Field.sizes + ndim, Field.sizes + 2 * ndim));
}

/** Type of the elements. */
export function dtypeOf(slot: number): Dtype {
  const code = read(slot, Field.dtype);
  dtypeNames[code] ??= native.dtypeName(code) as Dtype;
  return dtypeNames[code];
}

/** `cpu`, `cuda:0`. */
export function deviceOf(slot: number): Device {
  const code = read(slot, Field.deviceType);
  const index = tape[Field.deviceIndex]!;
  deviceTypeNames[code] ??= native.deviceTypeName(code);
  const type = deviceTypeNames[code];
  return index < 0 || type === "cpu" ? type : `${type}:${index}`;
}

/** Whether gradients are accumulated for it, or for what it came from. */
export function requiresGradOf(slot: number): boolean {
  return read(slot, Field.requiresGrad) !== 0;
}

/** Whether it is no result of a recorded operation. */
export function isLeafOf(slot: number): boolean {
  return read(slot, Field.isLeaf) !== 0;
}
