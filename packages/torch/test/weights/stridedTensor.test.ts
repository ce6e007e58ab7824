import { describe, expect, it } from "vitest";
import type { Dtype } from "../../src/core/dtype.ts";
import { contiguousBytes, reach, type StridedTensor } from "../../src/weights/stridedTensor.ts";

/** Every index of a shape, row-major. */
function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, size) =>
      prefixes.flatMap((prefix) => Array.from({ length: size }, (_, index) => [...prefix, index])),
    [[]],
  );
}

/** The definition, in plain loops: element [i, j, …] lies at offset + i·stride + j·stride + …. */
function reference(
  { offset, shape, strides }: StridedTensor,
  storage: Uint8Array,
  elementBytes: number,
): number[] {
  return indices(shape).flatMap((index) => {
    const element = index.reduce((sum, position, dimension) => sum + position * strides[dimension]!, offset);
    return [...storage.subarray(element * elementBytes, (element + 1) * elementBytes)];
  });
}

const LAYOUTS: [string, number[], number[], number][] = [
  ["contiguous", [2, 3, 4], [12, 4, 1], 0],
  ["contiguous at an offset", [2, 3], [3, 1], 5],
  ["transposed", [4, 5], [1, 4], 0],
  ["channels last", [2, 3, 4, 2], [24, 1, 6, 3], 1],
  ["every second row", [3, 4], [8, 1], 2],
  ["every third element", [5], [3], 1],
  ["expanded", [3, 4], [0, 1], 2],
  ["expanded inside", [3, 4], [1, 0], 2],
  ["one value expanded", [2, 2], [0, 0], 7],
  ["sizes of 1 with any stride", [1, 2, 1, 3, 1], [99, 3, 77, 1, 55], 0],
  ["sizes of 1 among strides", [1, 2, 1, 3], [99, 1, 77, 2], 0],
  ["scalar", [], [], 3],
  ["empty", [0, 3], [3, 1], 0],
  ["empty far away", [2, 0], [1, 1], 10_000],
];

const DTYPES: [Dtype, number][] = [
  ["uint8", 1],
  ["bfloat16", 2],
  ["float32", 4],
  ["float64", 8],
];

describe("contiguousBytes", () => {
  for (const [dtype, elementBytes] of DTYPES) {
    it.each(LAYOUTS)(`${dtype}: %s`, (_, shape, strides, offset) => {
      const tensor = { dtype, shape, strides, offset };
      for (const shift of [0, 1]) {
        const storage = new Uint8Array(64 * elementBytes + shift).subarray(shift);
        // Among the values are NaNs of many kinds, whose bits must not change.
        storage.forEach((_, at) => {
          storage[at] = at * 37 + 100;
        });
        expect([...contiguousBytes(tensor, storage)]).toEqual(reference(tensor, storage, elementBytes));
      }
    });
  }

  it("copies a signalling NaN bit by bit", () => {
    const nan = [1, 0, 0, 0, 0, 0, 0xf0, 0x7f];
    const storage = Uint8Array.from([...nan, ...nan, ...nan]);
    const tensor = { dtype: "float64", shape: [2], strides: [2], offset: 0 } as const;
    expect([...contiguousBytes(tensor, storage)]).toEqual([...nan, ...nan]);
  });

  it("is a view where nothing has to move", () => {
    const storage = new Uint8Array(32);
    const view = contiguousBytes({ dtype: "float32", shape: [3], strides: [1], offset: 2 }, storage);
    expect(view.buffer).toBe(storage.buffer);
    expect([view.byteOffset, view.byteLength]).toEqual([8, 12]);
  });
});

describe("reach", () => {
  it.each(LAYOUTS)("is the highest element plus one: %s", (_, shape, strides, offset) => {
    const elements = indices(shape).map((index) =>
      index.reduce((sum, at, dim) => sum + at * strides[dim]!, offset),
    );
    expect(reach({ dtype: "uint8", shape, strides, offset })).toBe(Math.max(-1, ...elements) + 1);
  });

  it("is infinite past 2^53", () => {
    const far = { dtype: "uint8", shape: [2 ** 40, 2], strides: [2 ** 40, 1], offset: 0 } as const;
    expect(reach(far)).toBe(Number.POSITIVE_INFINITY);
    expect(reach({ ...far, shape: [2], strides: [2 ** 53 - 1] })).toBe(Number.POSITIVE_INFINITY);
  });
});
