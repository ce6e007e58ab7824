import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseSafetensors, readSafetensors } from "../../src/weights/safetensors.ts";
import { caught } from "./caught.ts";
import { floats, safetensorsFile } from "./fileBuilder.ts";
import { valuesOf } from "./values.ts";

const folder = mkdtempSync(join(tmpdir(), "safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A header entry of float32. */
function f32(shape: readonly number[], begin: number, end: number) {
  return { dtype: "F32", shape, data_offsets: [begin, end] };
}

function messageOf(header: string | object, data?: Uint8Array): string {
  return caught(() => parseSafetensors(safetensorsFile(header, data), "m.safetensors")).message;
}

describe("valid files", () => {
  it("gives names, dtypes, shapes and values, in the order of the bytes", () => {
    const header = { b: f32([2], 4, 12), a: f32([], 0, 4) };
    const { tensors } = parseSafetensors(safetensorsFile(header, floats(1, 2, 3)), "m");
    expect([...tensors.keys()]).toEqual(["a", "b"]);
    expect(tensors.get("b")).toMatchObject({ dtype: "float32", shape: [2] });
    expect(valuesOf(tensors.get("a")!)).toEqual([1]);
    expect(valuesOf(tensors.get("b")!)).toEqual([2, 3]);
  });

  it.each([
    ["BOOL", "bool", 1],
    ["U8", "uint8", 1],
    ["I8", "int8", 1],
    ["I16", "int16", 2],
    ["F16", "float16", 2],
    ["BF16", "bfloat16", 2],
    ["I32", "int32", 4],
    ["F32", "float32", 4],
    ["F64", "float64", 8],
    ["I64", "int64", 8],
  ])("knows %s as %s of %i bytes", (formatName, dtype, bytes) => {
    const header = { x: { dtype: formatName, shape: [3], data_offsets: [0, 3 * bytes] } };
    const { tensors } = parseSafetensors(safetensorsFile(header, new Uint8Array(3 * bytes)), "m");
    expect(tensors.get("x")?.dtype).toBe(dtype);
  });

  it("takes empty tensors anywhere, metadata, space and padding", () => {
    const empty = JSON.stringify(f32([0, 3], 4, 4));
    const header = `{ "e":\n${empty}, "__metadata__":{"format":"pt"},\t"x":${JSON.stringify(f32([1], 0, 4))} }   `;
    const { tensors, metadata } = parseSafetensors(safetensorsFile(header, floats(5)), "m");
    expect(tensors.get("e")).toMatchObject({ shape: [0, 3] });
    expect(valuesOf(tensors.get("x")!)).toEqual([5]);
    expect(metadata).toEqual({ format: "pt" });
  });

  it("takes a file without tensors", () => {
    expect(parseSafetensors(safetensorsFile("{}"), "m").tensors.size).toBe(0);
  });

  it("keeps names that mean something to JavaScript", () => {
    const header = `{"__proto__":${JSON.stringify(f32([1], 0, 4))},"__metadata__":{"__proto__":"x","constructor":"y"}}`;
    const { tensors, metadata } = parseSafetensors(safetensorsFile(header, floats(1)), "m");
    expect([...tensors.keys()]).toEqual(["__proto__"]);
    expect(Object.entries(metadata)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
  });

  it("reads the escapes of JSON in names", () => {
    const header = `{"\\u00e9\\n\\"\\\\":${JSON.stringify(f32([1], 0, 4))}}`;
    expect([...parseSafetensors(safetensorsFile(header, floats(1)), "m").tensors.keys()]).toEqual(['é\n"\\']);
  });

  it("reads a file into arrays of their own, and memory as views", () => {
    const bytes = safetensorsFile({ a: f32([1], 0, 4), b: f32([2], 4, 12) }, floats(1, 2, 3));
    const path = join(folder, "own.safetensors");
    writeFileSync(path, bytes);
    const { tensors } = readSafetensors(path);
    expect(valuesOf(tensors.get("b")!)).toEqual([2, 3]);
    expect(tensors.get("b")?.bytes.buffer.byteLength).toBe(8);
    // A Buffer's slice would not copy.
    expect(tensors.get("b")?.bytes.constructor).toBe(Uint8Array);
    expect(parseSafetensors(bytes, "m").tensors.get("b")?.bytes.buffer).toBe(bytes.buffer);
  });
});

describe("header length", () => {
  const huge = (length: bigint) => {
    const bytes = safetensorsFile("{}");
    bytes.writeBigUInt64LE(length);
    return caught(() => parseSafetensors(bytes, "m")).message;
  };

  it.each([2n ** 60n, 2n ** 64n - 1n, 100_000_001n, 3n])(
    "refuses a header of %d bytes in a file of 10",
    (length) => {
      expect(huge(length)).toContain(
        `m at byte 0: header length: expected at most 2 bytes, received ${length}`,
      );
    },
  );

  it("refuses files too short for a header", () => {
    expect(caught(() => parseSafetensors(new Uint8Array(7), "m")).message).toContain("truncated");
    expect(caught(() => parseSafetensors(new Uint8Array(0), "m")).offset).toBe(0);
  });
});

describe("header text", () => {
  const x = JSON.stringify(f32([1], 0, 4));
  it.each([
    ["an array", "[]", 'header does not begin with "{"'],
    ["leading space", " {}", 'header does not begin with "{"'],
    ["no text at all", "", 'header does not begin with "{"'],
    ["no end", `{"x":${x}`, 'expected "}", received the end'],
    ["text after the end", "{}x", "only spaces after"],
    ["a newline as padding", "{}\n", "only spaces after"],
    ["a trailing comma", `{"x":${x},}`, "expected a string"],
    ["a string without end", '{"x', "string without end"],
    ["a raw control character", '{"a\u0001":1}', "invalid string"],
    ["half a surrogate pair", `{"\\ud800":${x}}`, "half a surrogate pair"],
    ["a duplicate tensor", `{"x":${x},"x":${x}}`, 'duplicate key "x"'],
    ["a duplicate by escape", `{"x":${x},"\\u0078":${x}}`, 'duplicate key "x"'],
    ["a duplicate field", '{"x":{"dtype":"F32","dtype":"F64"}}', 'duplicate key "dtype"'],
    ["a duplicate metadata key", '{"__metadata__":{"a":"1","a":"2"}}', 'duplicate key "a"'],
    ["two metadata", '{"__metadata__":{},"__metadata__":{}}', 'duplicate key "__metadata__"'],
    ["a number in metadata", '{"__metadata__":{"a":1}}', "expected a string"],
    ["an unknown field", '{"x":{"dtype":"F32","nested":[]}}', 'received "nested"'],
    ["a tensor that is no object", '{"x":3}', 'expected "{"'],
  ])("refuses %s", (_, header, message) => {
    expect(messageOf(header, floats(1))).toContain(message);
  });

  it("refuses bytes that are no UTF-8", () => {
    const bytes = safetensorsFile('{"x":{}}');
    bytes[10] = 0xff;
    expect(caught(() => parseSafetensors(bytes, "m")).message).toContain("not valid UTF-8");
  });

  it("refuses deep nesting without recursion", () => {
    const deep = `{"x":${'{"x":'.repeat(1_000_000)}`;
    expect(messageOf(deep)).toContain("dtype, shape and data_offsets");
    expect(messageOf(`{"x":{"shape":${"[".repeat(1_000_000)}`)).toContain("non-negative integer");
  });
});

describe("tensor fields", () => {
  const withField = (field: string) => `{"x":{${field}}}`;
  it.each([
    ["no dtype", '"shape":[1],"data_offsets":[0,4]', "expected dtype one of BOOL"],
    ["an unknown dtype", '"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]', 'received "F8_E4M3"'],
    [
      "a dtype named like a method",
      '"dtype":"constructor","shape":[4],"data_offsets":[0,4]',
      'received "constructor"',
    ],
    ["no shape", '"dtype":"F32","data_offsets":[0,4]', "a shape and two data_offsets"],
    ["one offset", '"dtype":"F32","shape":[1],"data_offsets":[0]', "a shape and two data_offsets"],
    ["three offsets", '"dtype":"F32","shape":[1],"data_offsets":[0,4,8]', "at most 2 numbers"],
    ["a negative size", '"shape":[-1]', "expected a non-negative integer"],
    ["a fraction", '"shape":[1.0]', "expected a non-negative integer"],
    ["an exponent", '"shape":[1e3]', "expected a non-negative integer"],
    ["a leading zero", '"shape":[01]', "expected a non-negative integer"],
    ["a size past 2^53", '"shape":[9007199254740992]', "expected a non-negative integer"],
    ["a size of 20 digits", '"shape":[18446744073709551616]', "expected a non-negative integer"],
    ["65 dimensions", `"shape":[${"1,".repeat(64)}1]`, "at most 64 numbers"],
  ])("refuses %s", (_, field, message) => {
    expect(messageOf(withField(field), floats(1))).toContain(message);
  });

  it("an intact file with another dtype is not called damaged", () => {
    const field = '"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]';
    expect(messageOf(withField(field), floats(1))).toMatch(/"F8_E4M3"\. Convert the tensor to one of these/);
  });
});

describe("data offsets", () => {
  const data = floats(1, 2, 3);
  it.each([
    ["past the end", { x: f32([4], 0, 16) }, 'tensor "x": expected data_offsets end <= 12, received 16'],
    ["backwards", { x: f32([1], 4, 0) }, "expected data_offsets begin 0"],
    ["overlap", { x: f32([2], 0, 8), y: f32([2], 4, 12) }, 'tensor "y": expected data_offsets begin 8'],
    ["the same bytes twice", { x: f32([3], 0, 12), y: f32([3], 0, 12) }, "expected data_offsets begin 12"],
    ["a hole", { x: f32([1], 0, 4), y: f32([1], 8, 12) }, 'tensor "y": expected data_offsets begin 4'],
    ["a hole at the start", { x: f32([2], 4, 12) }, "expected data_offsets begin 0"],
    ["unused bytes at the end", { x: f32([2], 0, 8) }, "expected 8 bytes of tensors, received 12"],
    ["fewer bytes than the shape", { x: f32([4], 0, 12) }, "expected 16 bytes for float32 [4], received 12"],
    ["more bytes than the shape", { x: f32([2], 0, 12) }, "expected 8 bytes for float32 [2], received 12"],
    ["a product past 2^53", { x: f32([2 ** 52, 2 ** 52], 0, 12) }, "expected too many bytes"],
    [
      "a product past 2^64 to 0",
      { x: f32([2 ** 32, 2 ** 32], 0, 0), y: f32([3], 0, 12) },
      "expected too many bytes",
    ],
    [
      "an overflow hidden by a zero",
      { x: f32([2 ** 52, 2 ** 52, 0], 0, 0), y: f32([3], 0, 12) },
      "too many bytes",
    ],
  ])("refuses %s", (_, header, message) => {
    expect(messageOf(header, data)).toContain(message);
  });

  it("says where, what was expected and what was received in fields too", () => {
    const bytes = safetensorsFile({ "fc.weight": f32([1024], 0, 4096) }, new Uint8Array(1024));
    expect(caught(() => parseSafetensors(bytes, "model.safetensors"))).toMatchObject({
      name: "WeightsError",
      message: expect.stringContaining(
        'model.safetensors: tensor "fc.weight": expected data_offsets end <= 1024, received 4096. ',
      ),
      file: "model.safetensors",
      reason: 'tensor "fc.weight"',
      expected: "data_offsets end <= 1024",
      received: "4096",
    });
  });

  it("keeps messages short where names are long", () => {
    expect(messageOf({ ["x".repeat(100_000)]: f32([1], 4, 8) }, floats(1, 2)).length).toBeLessThan(300);
  });
});

describe("paths", () => {
  it("refuses a folder, and leaves a missing file to Node", () => {
    mkdirSync(join(folder, "d.safetensors"));
    expect(caught(() => readSafetensors(join(folder, "d.safetensors"))).message).toContain(
      "not a regular file",
    );
    expect(() => readSafetensors(join(folder, "none"))).toThrow(expect.objectContaining({ code: "ENOENT" }));
  });
});
