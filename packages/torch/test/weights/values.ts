import type { TensorData } from "../../src/weights/tensorData.ts";

/** A tensor's elements as numbers, row-major: an independent, slow decoding of each dtype. */
export function valuesOf({ dtype, bytes }: TensorData): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READERS[dtype];
  return Array.from({ length: bytes.byteLength / read.bytes }, (_, index) =>
    read.at(view, index * read.bytes),
  );
}

interface Reader {
  readonly bytes: number;
  readonly at: (view: DataView, offset: number) => number;
}

const READERS: Record<TensorData["dtype"], Reader> = {
  float64: { bytes: 8, at: (view, offset) => view.getFloat64(offset, true) },
  float32: { bytes: 4, at: (view, offset) => view.getFloat32(offset, true) },
  float16: { bytes: 2, at: (view, offset) => halfToNumber(view.getUint16(offset, true)) },
  bfloat16: { bytes: 2, at: (view, offset) => bfloatToNumber(view.getUint16(offset, true)) },
  int64: { bytes: 8, at: (view, offset) => Number(view.getBigInt64(offset, true)) },
  int32: { bytes: 4, at: (view, offset) => view.getInt32(offset, true) },
  int16: { bytes: 2, at: (view, offset) => view.getInt16(offset, true) },
  int8: { bytes: 1, at: (view, offset) => view.getInt8(offset) },
  uint8: { bytes: 1, at: (view, offset) => view.getUint8(offset) },
  bool: { bytes: 1, at: (view, offset) => view.getUint8(offset) },
};

/** IEEE 754 binary16, normal and subnormal numbers. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** The upper half of a float32. */
function bfloatToNumber(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits * 65536);
  return view.getFloat32(0);
}
