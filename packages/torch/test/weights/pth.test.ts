import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parsePth, readPth } from "../../src/weights/pth.ts";
import type { PthFile } from "../../src/weights/pthStateDict.ts";
import { caught } from "./caught.ts";
import { floats, legacyPth, zipFile, zipPth } from "./fileBuilder.ts";
import * as p from "./pickleBuilder.ts";
import { valuesOf } from "./values.ts";

const folder = mkdtempSync(join(tmpdir(), "pth-"));
afterAll(() => rmSync(folder, { recursive: true }));

const data = floats(0, 1, 2, 3, 4, 5);

/** A tensor over a storage of the six floats. */
function tensor(shape: readonly number[], strides: readonly number[], offset = 0): p.Pickled {
  return p.tensor({ elements: 6, offset, shape, strides });
}

const whole = tensor([6], [1]);

/** The same object in both formats, over one storage "0" or none. */
const FORMATS: [string, (root: p.Pickled, elements: number) => Buffer][] = [
  ["zip", (root, elements) => zipPth(root, elements > 0 ? { 0: data } : {})],
  ["legacy", (root, elements) => legacyPth(root, elements > 0 ? [{ key: "0", data, elements }] : [])],
];

function values(file: PthFile): Record<string, number[]> {
  return Object.fromEntries([...file.tensors].map(([name, value]) => [name, valuesOf(value)]));
}

describe.each(FORMATS)("%s format", (_, build) => {
  const parse = (root: p.Pickled, elements = 6) => parsePth(build(p.pickle(root), elements), "f.pth");
  const messageOf = (root: p.Pickled, elements = 6) => caught(() => parse(root, elements)).message;

  it("reads views of one storage", () => {
    const file = parse(
      p.record({ a: tensor([2, 3], [3, 1]), t: tensor([3, 2], [1, 3]), last: tensor([], [], 5) }),
    );
    expect(values(file)).toEqual({ a: [0, 1, 2, 3, 4, 5], t: [0, 3, 1, 4, 2, 5], last: [5] });
    expect(file.tensors.get("t")?.shape).toEqual([3, 2]);
  });

  it("reads the same from a file", () => {
    const path = join(folder, "same.pth");
    writeFileSync(path, build(p.pickle(p.record({ a: whole, t: tensor([3, 2], [1, 3]) })), 6));
    expect(values(readPth(path))).toEqual({ a: [0, 1, 2, 3, 4, 5], t: [0, 3, 1, 4, 2, 5] });
  });

  it.each(["state_dict", "model_state_dict", "model"])("finds a state dict under %s", (key) => {
    const optimizer = p.record({ w: whole });
    const file = parse(
      p.record({ epoch: p.int(3), [key]: p.record({ w: whole, version: p.int(1) }), optimizer }),
    );
    expect(values(file)).toEqual({ w: [0, 1, 2, 3, 4, 5] });
    expect(file.skipped).toEqual(["version", "optimizer"]);
    expect([...file.extra]).toEqual([["epoch", 3]]);
  });

  it("prefers state_dict, and takes the file itself where no such dict is", () => {
    const both = parse(p.record({ model: p.record({ b: whole }), state_dict: p.record({ a: whole }) }));
    expect([...both.tensors.keys()]).toEqual(["a"]);
    expect(both.skipped).toEqual(["model"]);
    const flat = parse(
      p.record({ w: whole, arch: p.text("r"), note: p.list(), none: p.NONE, state_dict: p.int(1) }),
    );
    expect([...flat.tensors.keys()]).toEqual(["w"]);
    expect(flat.skipped).toEqual(["note"]);
    expect(Object.fromEntries(flat.extra)).toEqual({ arch: "r", none: null, state_dict: 1 });
  });

  it("takes an empty state dict", () => {
    expect(parse(p.dict(), 0).tensors.size).toBe(0);
    expect(parse(p.record({ state_dict: p.dict() }), 0).tensors.size).toBe(0);
  });

  it("skips and lists tensors of dtypes we have not, and names that are no text", () => {
    const complex = p.tensor({ type: "ComplexFloatStorage", elements: 3, shape: [3], strides: [1] });
    const odd = p.dict([p.text("c"), complex], [p.int(7), complex], [p.tuple(), complex]);
    const file = parse(p.record({ state_dict: odd }), 3);
    expect(file.tensors.size).toBe(0);
    expect(file.skipped).toEqual(["c", "7", "(object)"]);
  });

  it("keeps names that mean something to JavaScript", () => {
    const file = parse(p.dict([p.text("__proto__"), whole], [p.text("constructor"), p.int(1)]));
    expect([...file.tensors.keys()]).toEqual(["__proto__"]);
    expect([...file.extra]).toEqual([["constructor", 1]]);
  });

  it.each<[string, p.Pickled, string]>([
    [
      "an offset past the storage",
      tensor([1], [1], 6),
      "expected to end within its storage of 6 elements, received 7",
    ],
    ["a size past the storage", tensor([7], [1]), "received 7"],
    ["a stride past the storage", tensor([2, 2], [5, 1]), "received 7"],
    ["a reach past 2^53", tensor([2 ** 50, 2 ** 50], [2 ** 50, 1]), "fewer than 2^53 bytes"],
    ["strides past 2^53", tensor([2, 2], [2 ** 52, 2 ** 53 - 1]), "received Infinity"],
    [
      "an expansion to 2^40 elements",
      tensor([2 ** 40], [0]),
      "bytes from a file of this size, received 4398046511104",
    ],
    ["an expansion to 2^52 bytes", tensor([2 ** 25, 2 ** 25], [0, 0]), "received 4503599627370496"],
  ])("refuses %s", (_, value, message) => {
    expect(messageOf(p.record({ "fc.weight": value }))).toContain(message);
  });

  it("refuses many tensors that together expand too far", () => {
    const expanded = p.memoised(0, tensor([2 ** 20], [0]));
    const names = Array.from({ length: 10 }, (_, index) => [p.text(`t${index}`), p.recalled(0)] as const);
    expect(messageOf(p.dict([p.text("first"), expanded], ...names))).toContain(
      "tensors that share their storage",
    );
  });

  it.each<[string, p.Pickled, number, string]>([
    ["a number", p.int(5), 0, 'received the value "5"'],
    ["a bare tensor", whole, 6, "received PickleTensor"],
    [
      "a pickled module",
      p.raw("", p.global("models", "ResNet"), p.raw(")\x81")),
      0,
      'a pickled "models.ResNet"',
    ],
    [
      "a dict without tensors",
      p.record({ epoch: p.int(1), ema: p.dict() }),
      0,
      'received a dict of "epoch", "ema"',
    ],
  ])("says what it found instead of a state dict: %s", (_, root, elements, message) => {
    const received = messageOf(root, elements);
    expect(received).toContain('expected tensors by name, or a dict of them under "state_dict"');
    expect(received).toContain(message);
  });
});

describe("zip format", () => {
  const root = p.pickle(p.record({ w: whole }));

  it("reads deflated entries", () => {
    const entries = [
      { name: "a/data.pkl", data: root, deflate: true },
      { name: "a/data/0", data, deflate: true },
    ];
    const file = parsePth(zipFile(entries), "f");
    expect(values(file)).toEqual({ w: [0, 1, 2, 3, 4, 5] });
    expect(file.tensors.get("w")?.bytes.constructor).toBe(Uint8Array);
  });

  it.each([
    ["little", undefined],
    ["big", "f.pth: byte order: expected little, received big"],
  ])("byte order %s", (order, message) => {
    const entries = [
      { name: "a/data.pkl", data: root },
      { name: "a/byteorder", data: Buffer.from(order) },
      { name: "a/data/0", data },
    ];
    const parse = () => parsePth(zipFile(entries), "f.pth");
    if (message === undefined) expect(values(parse()).w).toHaveLength(6);
    else expect(caught(parse).message).toContain(message);
  });

  it.each<[string, () => Buffer, string]>([
    ["no storage", () => zipPth(root), 'archive has no entry "archive/data/0"'],
    [
      "a short storage",
      () => zipPth(root, { 0: data.subarray(4) }),
      'storage "0": expected 24 bytes, received 20',
    ],
    [
      "a long storage",
      () => zipPth(root, { 0: floats(0, 1, 2, 3, 4, 5, 6) }),
      "expected 24 bytes, received 28",
    ],
    ["no pickle", () => zipFile([{ name: "a/b.txt", data }]), "no entry data.pkl"],
    ["no entry at all", () => zipFile([]), "neither a zip archive nor a pickle"],
    ["a corrupt pickle", () => zipPth(root, { 0: data }, { crc32: 0 }), "does not match its CRC-32"],
    ["a malformed pickle", () => zipPth(root.subarray(0, 50)), "f.pth (data.pkl) at byte"],
  ])("refuses %s", (_, build, message) => {
    expect(caught(() => parsePth(build(), "f.pth")).message).toContain(message);
  });

  it("checks every reference to a storage, not only the first", () => {
    const longer = p.tensor({ elements: 1000, shape: [1000], strides: [1] });
    const file = zipPth(p.pickle(p.record({ a: whole, b: longer })), { 0: data });
    expect(caught(() => parsePth(file, "f")).message).toContain(
      'storage "0": expected 4000 bytes, received 24',
    );
  });

  it("reads no storage but the state dict's", () => {
    const state = p.tensor({ key: "missing", elements: 6, shape: [6], strides: [1] });
    const file = zipPth(p.pickle(p.record({ state_dict: p.record({ w: whole }), optimizer: state })), {
      0: data,
    });
    expect(values(parsePth(file, "f"))).toEqual({ w: [0, 1, 2, 3, 4, 5] });
  });
});

describe("legacy format", () => {
  const root = p.pickle(p.record({ w: whole }));
  const storage = { key: "0", data };

  it("steps over storages that are not the state dict's", () => {
    const state = p.tensor({ key: "1", type: "ComplexDoubleStorage", elements: 2, shape: [2], strides: [1] });
    const both = p.pickle(p.record({ state_dict: p.record({ w: whole }), optimizer: state }));
    const file = legacyPth(both, [{ key: "1", data: new Uint8Array(32), elements: 2 }, storage]);
    expect(values(parsePth(file, "f"))).toEqual({ w: [0, 1, 2, 3, 4, 5] });
  });

  it("reads parts of storages, each with its own bounds", () => {
    const view = p.tuple(p.text("v"), p.int(2), p.int(3));
    const part = (shape: number[]) =>
      parsePth(
        legacyPth(p.pickle(p.record({ w: p.tensor({ elements: 6, view, shape, strides: [1] }) })), [storage]),
        "f",
      );
    expect(values(part([3]))).toEqual({ w: [2, 3, 4] });
    expect(caught(() => part([4])).message).toContain(
      "expected to end within its storage of 5 elements, received 6",
    );
  });

  it("takes what follows the storages for another object", () => {
    expect(
      values(parsePth(Buffer.concat([legacyPth(root, [storage]), Buffer.from("more")]), "f")).w,
    ).toHaveLength(6);
  });

  const twoWays = p.record({ a: whole, b: p.tensor({ elements: 7, shape: [7], strides: [1] }) });
  it.each<[string, () => Buffer, string]>([
    ["another magic number", () => legacyPth(root, [storage], { magic: 5n }), "wrong magic number"],
    ["another version", () => legacyPth(root, [storage], { version: 1002 }), "expected 1001, received 1002"],
    [
      "big-endian machines",
      () => legacyPth(root, [storage], { littleEndian: false }),
      "byte order: expected little",
    ],
    ["no storage", () => legacyPth(root), 'storage "0" is not in the file'],
    ["a storage listed twice", () => legacyPth(root, [storage, storage]), 'storage "0" is listed twice'],
    [
      "a storage nothing refers to",
      () => legacyPth(root, [{ ...storage, key: "9" }]),
      'storage "9" is in the file, but',
    ],
    [
      "another count",
      () => legacyPth(root, [{ ...storage, elements: 5 }]),
      "has 5 elements, the pickle says 6",
    ],
    [
      "a count of 2^52",
      () => legacyPth(root, [{ ...storage, elements: 2 ** 52 }]),
      "has 4503599627370496 elements",
    ],
    [
      "too few bytes",
      () => legacyPth(root, [{ ...storage, data: data.subarray(4), elements: 6 }]),
      "truncated",
    ],
    [
      "two descriptions",
      () => legacyPth(p.pickle(twoWays), [storage]),
      'storage "0" is described in two ways',
    ],
  ])("refuses %s", (_, build, message) => {
    expect(caught(() => parsePth(build(), "f.pth")).message).toContain(message);
  });

  it("refuses every truncation", () => {
    const file = legacyPth(root, [storage]);
    for (let length = 0; length < file.length; length++) {
      expect(caught(() => parsePth(file.subarray(0, length), "f.pth")).file).toBe("f.pth");
    }
  });
});

describe("other files", () => {
  it("names the tar format of old", () => {
    const tar = Buffer.alloc(1024);
    tar.write("sys_info\0");
    tar.write("ustar\0", 257);
    expect(caught(() => parsePth(tar, "old.pth")).message).toContain(
      "the tar format of PyTorch before 0.1.10",
    );
  });

  it.each(["", "<html>", '{"a": 1}', "\x7fELF"])("refuses %j", (content) => {
    expect(caught(() => parsePth(Buffer.from(content), "f")).message).toContain(
      "neither a zip archive nor a pickle",
    );
  });

  it("refuses a folder, and leaves a missing file to Node", () => {
    expect(caught(() => readPth(folder)).message).toContain("not a regular file");
    expect(() => readPth(join(folder, "none"))).toThrow(expect.objectContaining({ code: "ENOENT" }));
  });
});
