import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../src/weights/byteSource.ts";
import { ZipArchive } from "../../src/weights/zip.ts";
import { caught } from "./caught.ts";
import { type ZipEntryFields, type ZipOptions, zipFile } from "./fileBuilder.ts";

const one = { name: "f/one", data: Buffer.from("one") };
const two = { name: "f/two", data: Buffer.from("two ".repeat(1000)), deflate: true };

function open(bytes: Uint8Array, inflatable = 1e6): ZipArchive {
  return new ZipArchive(memorySource("a.zip", bytes), inflatable);
}

function messageOf(entries: readonly ZipEntryFields[], options?: ZipOptions): string {
  return caught(() => open(zipFile(entries, options)).read(entries[0]!.name)).message;
}

describe("valid archives", () => {
  it.each<[string, ZipOptions]>([
    ["plain", {}],
    ["zip64", { zip64: true }],
    ["with a comment", { comment: "written by hand" }],
    ["zip64 with a comment", { zip64: true, comment: "PK\x05\x06" }],
  ])("%s: stored and deflated entries come back", (_, options) => {
    const archive = open(zipFile([one, two, { name: "empty", data: new Uint8Array(0) }], options));
    expect(archive.names).toEqual(["f/one", "f/two", "empty"]);
    expect(Buffer.from(archive.read("f/one")).toString()).toBe("one");
    expect(Buffer.from(archive.read("f/two"))).toEqual(two.data);
    expect(archive.read("empty")).toHaveLength(0);
    expect([archive.has("f/one"), archive.has("one")]).toEqual([true, false]);
  });

  it("takes space between entries, which PyTorch leaves to align them", () => {
    const bytes = zipFile([one]);
    const [gap, moved] = [Buffer.alloc(64), Buffer.from(bytes)];
    const end = bytes.length - 22;
    moved.writeUInt32LE(bytes.readUInt32LE(end + 16) + 64, end + 16);
    moved.writeUInt32LE(64, bytes.readUInt32LE(end + 16) + 42);
    expect(Buffer.from(open(Buffer.concat([gap, moved])).read("f/one")).toString()).toBe("one");
  });
});

describe("refusals", () => {
  it.each<[string, readonly ZipEntryFields[], ZipOptions, string]>([
    ["a wrong checksum", [{ ...one, crc32: 1 }], {}, "does not match its CRC-32"],
    ["a wrong checksum, deflated", [{ ...two, crc32: 1 }], {}, "does not match its CRC-32"],
    ["an entry twice", [one, one], {}, "is there twice"],
    ["another name in the local header", [{ ...one, localName: "f/two" }], {}, "differs between"],
    ["overlapping entries", [one, { ...two, headerOffset: 0, localName: "f/one" }], {}, "overlaps"],
    ["an entry within another", [one, { ...two, headerOffset: 1 }], {}, "overlaps"],
    ["no local header", [{ ...one, headerOffset: 5 }], {}, "has no local header"],
    ["an entry past the end", [{ ...one, headerOffset: 1e6 }], {}, "truncated"],
    ["an encrypted entry", [{ ...one, flags: 1 }], {}, "encrypted"],
    ["an unknown method", [{ ...one, method: 99 }], {}, "uses compression method 99"],
    ["a stored entry of two sizes", [{ ...one, size: 4 }], {}, "of two sizes"],
    ["data that cannot be inflated", [{ ...one, method: 8 }], {}, "cannot be inflated"],
    ["more data than declared", [{ ...two, size: 100 }], {}, "cannot be inflated"],
    ["less data than declared", [{ ...two, size: 5000 }], {}, "expected 5000 bytes, received 4000"],
    [
      "a size past the limit",
      [{ ...two, size: 1e6 + 1 }],
      {},
      "expected at most 1000000 bytes, received 1000001",
    ],
    ["too few entries", [one, two], { count: 1 }, "holds more than its entries"],
    ["too many entries", [one], { count: 2 }, "zip directory entry missing"],
    [
      "too many entries for any model",
      [one],
      { count: 2 ** 40, zip64: true },
      "has more than 262144 entries",
    ],
  ])("%s", (_, entries, options, message) => {
    expect(messageOf(entries, options)).toContain(message);
  });

  it.each([{ flags: 1 }, { method: 99 }])(
    "an intact archive of another kind is not called damaged: %j",
    (fields) => {
      expect(messageOf([{ ...one, ...fields }], {})).toMatch(/\. Save the weights anew with `torch\.save`/);
    },
  );

  it("limits all inflated entries together", () => {
    const archive = open(zipFile([two, { ...two, name: "again" }]), 4500);
    archive.read("f/two");
    expect(caught(() => archive.read("again")).message).toContain(
      "expected at most 500 bytes, received 4000",
    );
  });

  it("a bomb costs no more than the limit", () => {
    const zeros = Buffer.alloc(2 ** 26);
    const entry = { name: "bomb", data: zeros, deflate: true };
    const bytes = zipFile([entry]);
    expect(bytes.length).toBeLessThan(100_000);
    expect(caught(() => open(bytes, 2 ** 20).read("bomb")).message).toContain("inflates too far");
    const liar = zipFile([{ ...entry, size: 1000, crc32: crc32(zeros.subarray(0, 1000)) }]);
    expect(caught(() => open(liar, 2 ** 20).read("bomb")).message).toContain("cannot be inflated");
  });

  it.each([false, true])("every truncation (zip64: %s)", (zip64) => {
    const bytes = zipFile([one, two], { zip64 });
    for (let length = 0; length < bytes.length; length++) {
      expect(caught(() => open(bytes.subarray(0, length))).file).toBe("a.zip");
    }
  });

  it("a missing entry, by name", () => {
    expect(caught(() => open(zipFile([one])).read("f/three")).message).toContain(
      'a.zip: archive has no entry "f/three"',
    );
  });

  it("zip64 records out of place", () => {
    const bytes = zipFile([one], { zip64: true });
    const locator = bytes.length - 42;
    for (const offset of [2n ** 63n, BigInt(bytes.length), BigInt(locator)]) {
      bytes.writeBigUInt64LE(offset, locator + 8);
      expect(caught(() => open(bytes)).message).toContain("zip64 end record out of place");
    }
    bytes.writeBigUInt64LE(0n, locator + 8);
    expect(caught(() => open(bytes)).message).toContain("zip64 end record missing");
  });
});
