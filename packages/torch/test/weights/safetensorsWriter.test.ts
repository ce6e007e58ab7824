import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSafetensors } from "../../src/weights/safetensors.ts";
import { writeSafetensors } from "../../src/weights/safetensorsWriter.ts";
import type { TensorData } from "../../src/weights/tensorData.ts";
import { caught } from "./caught.ts";
import { floats } from "./fileBuilder.ts";

const folder = mkdtempSync(join(tmpdir(), "safetensors-writer-"));
const path = join(folder, "model.safetensors");
afterAll(() => rmSync(folder, { recursive: true }));

const sixFloats = { dtype: "float32", bytes: floats(0, 1, 2, 3, 4, 5) } as const;

function headerOf(file: string): string {
  const bytes = readFileSync(file);
  return bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE()));
}

describe("bytes", () => {
  // The expected files are those of the reference implementation's own tests.
  it("are the reference implementation's for one tensor", () => {
    writeSafetensors(path, new Map([["attn.0", { ...sixFloats, shape: [1, 2, 3] }]]));
    expect(headerOf(path)).toBe('{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}');
    expect(readFileSync(path).subarray(-24)).toEqual(Buffer.from(sixFloats.bytes));
  });

  it("pad the header with spaces to 8 bytes", () => {
    writeSafetensors(path, new Map([["attn0", { ...sixFloats, shape: [1, 1, 2, 3] }]]));
    expect(headerOf(path)).toBe('{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       ');
  });

  it("are the reference implementation's for no tensor, with and without metadata", () => {
    writeSafetensors(path, new Map());
    expect([...readFileSync(path)]).toEqual([8, 0, 0, 0, 0, 0, 0, 0, 123, 125, 32, 32, 32, 32, 32, 32]);
    writeSafetensors(path, new Map(), { framework: "pt" });
    expect(headerOf(path)).toBe('{"__metadata__":{"framework":"pt"}}     ');
  });

  it("put tensors by falling alignment, then by name", () => {
    const of = (dtype: TensorData["dtype"], bytes: number) => ({
      dtype,
      shape: [1],
      bytes: new Uint8Array(bytes),
    });
    const tensors = new Map([
      ["flag", of("bool", 1)],
      ["b", of("float32", 4)],
      ["10", of("int64", 8)],
      ["a", of("float32", 4)],
      ["half", of("float16", 2)],
    ]);
    writeSafetensors(path, tensors);
    expect([...readSafetensors(path).tensors.keys()]).toEqual(["10", "a", "b", "half", "flag"]);
  });

  it("come back as they were", () => {
    const tensors = new Map<string, TensorData>([
      ["__proto__", { dtype: "int8", shape: [], bytes: Uint8Array.of(7) }],
      ["empty", { dtype: "float64", shape: [0, 5], bytes: new Uint8Array(0) }],
      ['é"\n', { dtype: "bfloat16", shape: [2, 1], bytes: Uint8Array.of(1, 2, 3, 4) }],
    ]);
    writeSafetensors(path, tensors, { step: "12", "": "x" });
    const read = readSafetensors(path);
    expect(read.metadata).toEqual({ step: "12", "": "x" });
    expect(read.tensors.size).toBe(3);
    for (const [name, { dtype, shape, bytes }] of tensors) {
      expect(read.tensors.get(name)).toEqual({ dtype, shape, bytes });
    }
  });
});

describe("refusals", () => {
  it.each<[string, string, TensorData, string]>([
    ["too few bytes", "x", { ...sixFloats, shape: [7] }, "expected 28 bytes for float32 [7], received 24"],
    ["a negative size", "x", { ...sixFloats, shape: [-6] }, "non-negative integers"],
    ["a fraction", "x", { ...sixFloats, shape: [1.5, 4] }, "non-negative integers"],
    ["the metadata's name", "__metadata__", { ...sixFloats, shape: [6] }, "a name other than"],
    ["half a surrogate pair", "\ud800", { ...sixFloats, shape: [6] }, "half a surrogate pair"],
    ["an unknown dtype", "x", { ...sixFloats, dtype: "float8" as "float32", shape: [6] }, "received float8"],
  ])("%s: refused before anything is written", (_, name, tensor, message) => {
    writeFileSync(path, "old");
    expect(caught(() => writeSafetensors(path, new Map([[name, tensor]]))).message).toContain(message);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  it("refuses metadata that is no string", () => {
    const metadata = { epoch: 3 } as unknown as Record<string, string>;
    expect(caught(() => writeSafetensors(path, new Map(), metadata)).message).toContain("expected strings");
  });
});
