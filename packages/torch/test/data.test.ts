import {
  ArgumentError,
  type Dtype,
  dataReads,
  ops,
  ShapeError,
  sharedTensor,
  type TypedArray,
  tensor,
  upload,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { runChild } from "./childProcess.ts";

const arrays: readonly (readonly [Dtype, TypedArray])[] = [
  ["float32", Float32Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY)],
  ["float64", Float64Array.of(Math.PI, -1e300, 5e-324, 0)],
  ["int8", Int8Array.of(-128, 127, 0, 1)],
  ["int16", Int16Array.of(-32768, 32767, 0, 1)],
  ["int32", Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, 1)],
  ["int64", BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n, 0n)],
  ["uint8", Uint8Array.of(0, 255, 1, 2)],
];

describe("typed arrays in and out", () => {
  test.each(arrays)("%s, bit for bit", (dtype, values) => {
    const made = tensor(values, { shape: [2, 2] });
    expect(made.dtype).toBe(dtype);
    expect(made.shape).toEqual([2, 2]);
    expect(made.toTypedArray()).toEqual(values);
    expect(Object.getPrototypeOf(made.toTypedArray())).toBe(Object.getPrototypeOf(values));
  });

  test.each([
    ["float16", [0x3c00, 0xc000, 0x7c00, 0x0001], [1, -2, Number.POSITIVE_INFINITY, 2 ** -24]],
    ["bfloat16", [0x3f80, 0xc000, 0x7f80, 0x4049], [1, -2, Number.POSITIVE_INFINITY, 3.140625]],
  ] as const)("%s as raw bits", (dtype, bits, values) => {
    const made = tensor(Uint16Array.from(bits), { dtype });
    expect(made.dtype).toBe(dtype);
    expect(made.toTypedArray()).toEqual(Uint16Array.from(bits));
    expect(made.toArray()).toEqual(values);
    expect(tensor([...values], { dtype }).toTypedArray()).toEqual(Uint16Array.from(bits));
    expect(sharedTensor(Uint16Array.from(bits), [4], dtype).toArray()).toEqual(values);
  });

  test("int64, from BigInts without a dtype", () => {
    expect(tensor([[2n ** 62n + 1n], [-3n]]).toTypedArray()).toEqual(BigInt64Array.of(2n ** 62n + 1n, -3n));
    expect(tensor([1n], { dtype: "float64" }).dtype).toBe("float64");
    expect(() => tensor([2n ** 63n])).toThrow(/integers in .* for int64/);
  });

  test("bool, from booleans and from bytes", () => {
    expect(tensor([true, false]).dtype).toBe("bool");
    expect(tensor([true, false]).toTypedArray()).toEqual(Uint8Array.of(1, 0));
    expect(tensor(Uint8Array.of(0, 7), { dtype: "bool" }).toTypedArray()).toEqual(Uint8Array.of(0, 1));
  });

  test("a Buffer, a clamped array, a subarray, a shared buffer and an empty array", () => {
    expect(tensor(Buffer.from([1, 2])).toArray()).toEqual([1, 2]);
    expect(tensor(Uint8ClampedArray.of(300, 2)).toArray()).toEqual([255, 2]);
    expect(tensor(Float32Array.of(1, 2, 3, 4).subarray(1, 3)).toArray()).toEqual([2, 3]);
    expect(tensor(new Float32Array(new SharedArrayBuffer(8))).toArray()).toEqual([0, 0]);
    expect(tensor(new Float64Array(0)).shape).toEqual([0]);
    expect(tensor(new Float64Array(0), { shape: [0, 3] }).shape).toEqual([0, 3]);
  });

  test("what comes out is a copy, of transposed tensors row by row", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const out = x.toTypedArray();
    out[0] = 9;
    expect(x.at(0, 0).item()).toBe(1);
    expect(x.t().toTypedArray()).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
  });

  test("a wrong shape, and arrays without a dtype", () => {
    const values = Float32Array.of(1, 2, 3, 4);
    for (const shape of [[3], [2, 3], [-2, -2], [1.5], [Number.NaN], [4, 0], [2 ** 53, 2]])
      expect(() => tensor(values, { shape }), String(shape)).toThrow(ShapeError);
    expect(() => tensor(Uint16Array.of(1))).toThrow(ArgumentError);
    expect(() => tensor(new Uint32Array(1) as never)).toThrow(ArgumentError);
    expect(() => tensor(new DataView(new ArrayBuffer(4)) as never)).toThrow(ArgumentError);
    expect(() => tensor(values, { dtype: "float31" as never })).toThrow(ArgumentError);
  });
});

describe("nested lists", () => {
  test("shape, dtype and values", () => {
    const values = [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ];
    expect(tensor(values).shape).toEqual([2, 2, 2]);
    expect(tensor(values).dtype).toBe("float32");
    expect(tensor(values).toArray()).toEqual(values);
    expect(tensor(3.5).shape).toEqual([]);
    expect(tensor(3.5).toArray()).toBe(3.5);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([[], []]).toArray()).toEqual([[], []]);
  });

  test.each([
    "float64",
    "float32",
    "float16",
    "bfloat16",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint8",
    "bool",
  ] as const)("dtype %s", (dtype) => {
    const made = tensor(
      [
        [0, 1],
        [1, 0],
      ],
      { dtype },
    );
    expect(made.dtype).toBe(dtype);
    expect(made.toArray()).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  test("large integers stay exact", () => {
    expect(tensor([2n ** 62n + 1n], { dtype: "int64" }).toTypedArray()).toEqual(
      BigInt64Array.of(2n ** 62n + 1n),
    );
    expect(tensor([2 ** 53 - 1], { dtype: "int64" }).toTypedArray()).toEqual(
      BigInt64Array.of(2n ** 53n - 1n),
    );
  });

  test.each([
    ["uint8", 256],
    ["uint8", -1],
    ["int8", 128],
    ["int16", -32769],
    ["int32", 2 ** 31],
    ["int64", 1e20],
    ["int64", 2n ** 63n],
    ["int32", 1.5],
    ["int64", Number.NaN],
    ["uint8", Number.POSITIVE_INFINITY],
  ] as const)("%s refuses %s", (dtype, value) => {
    expect(() => tensor([value], { dtype })).toThrow(ArgumentError);
  });

  test("ragged lists and values that are no numbers", () => {
    for (const ragged of [
      [[1], [1, 2]],
      [[1], 2],
      [1, [2]],
      [[], [1]],
      [[[1]], [2]],
    ])
      expect(() => tensor(ragged), JSON.stringify(ragged)).toThrow(/ShapeError|expected/);
    for (const value of ["1", null, undefined, {}, ["a"], [null], [{}], Symbol("s"), () => 1])
      expect(() => tensor(value as never)).toThrow(ArgumentError);
  });

  test("a list that holds itself ends in an error", () => {
    const list: unknown[] = [];
    list.push(list);
    expect(() => tensor(list)).toThrow(ShapeError);
  });
});

describe("sharedTensor", () => {
  test("writes show on both sides", () => {
    const values = new Float32Array(4);
    const shared = sharedTensor(values, [2, 2]);
    values[3] = 7;
    expect(shared.toArray()).toEqual([
      [0, 0],
      [0, 7],
    ]);
    shared.add_(1);
    expect(values).toEqual(Float32Array.of(1, 1, 1, 8));
  });

  test("of a part of a buffer, and of a shared buffer", () => {
    const whole = Int32Array.of(1, 2, 3, 4);
    sharedTensor(whole.subarray(1, 3)).fill_(9);
    expect(whole).toEqual(Int32Array.of(1, 9, 9, 4));
    const across = new Uint8Array(new SharedArrayBuffer(3));
    sharedTensor(across).fill_(5);
    expect([...across]).toEqual([5, 5, 5]);
  });

  test("of an empty and of a detached array", () => {
    expect(sharedTensor(new Float32Array(0)).shape).toEqual([0]);
    const gone = new Float32Array(4);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    expect(sharedTensor(gone).shape).toEqual([0]);
    expect(() => sharedTensor(gone, [4])).toThrow(ShapeError);
  });

  test("refuses resizable buffers, other widths and what is no array", () => {
    const Resizable = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer;
    const Growable = SharedArrayBuffer as unknown as new (
      length: number,
      options: object,
    ) => SharedArrayBuffer;
    expect(() => sharedTensor(new Float32Array(new Resizable(8, { maxByteLength: 16 })))).toThrow(
      ArgumentError,
    );
    expect(() => sharedTensor(new Float32Array(new Growable(8, { maxByteLength: 16 })))).toThrow(
      ArgumentError,
    );
    expect(() => sharedTensor(Uint8Array.of(1, 2, 3, 4), [4], "float32")).toThrow(ArgumentError);
    expect(() => sharedTensor(Uint16Array.of(1))).toThrow(ArgumentError);
    const fake = { length: 1, buffer: new ArrayBuffer(4), constructor: { name: "Float32Array" } };
    for (const value of [fake, [1, 2], null, undefined, 3, "abc", new ArrayBuffer(8)])
      expect(() => sharedTensor(value as never)).toThrow(ArgumentError);
  });

  test("holds its memory through collections and a transfer, and lets it go", async () => {
    const { status, stderr, printed } = await runChild("sharedTensor.ts", { flags: ["--expose-gc"] });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const length = 1 << 20;
    expect(printed).toMatchObject({ seen: 5, second: 2, length: 0, live: true });
    expect((printed as { sum: number }).sum).toBeAllclose((length * (length - 1)) / 2, 1e-3);
    expect((printed as { kept: number }).kept).toBeLessThan(8 << 20);
  });
});

test("reads of values are counted, other operators are not", () => {
  const values = tensor([1, 0, 3]);
  const before = dataReads();
  values.add(1).sum();
  expect(dataReads() - before).toBe(0);
  values.sum().item();
  values.toArray();
  ops.item(values.at(0));
  expect(dataReads() - before).toBe(3);
});

test("upload gives a tensor of the CPU as it is", () => {
  const values = tensor([1, 2]);
  expect(upload(values, "cpu").toArray()).toEqual([1, 2]);
  expect(() => upload(values, "nowhere" as never)).toThrow(/nowhere/);
});
