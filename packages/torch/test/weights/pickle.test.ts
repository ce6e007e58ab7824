import { describe, expect, it } from "vitest";
import { ByteCursor } from "../../src/weights/byteCursor.ts";
import { memorySource } from "../../src/weights/byteSource.ts";
import { readPickle } from "../../src/weights/pickle.ts";
import {
  type PickleDict,
  PickleGlobal,
  type PickleList,
  PickleStorage,
  PickleTensor,
  PickleTuple,
  type PickleValue,
  UnknownObject,
} from "../../src/weights/pickleValues.ts";
import { caught } from "./caught.ts";
import * as p from "./pickleBuilder.ts";

function read(bytes: Uint8Array): PickleValue {
  return readPickle(new ByteCursor(memorySource("data.pkl", bytes)));
}

/** The value of a pickle of operations as they stand. */
function readRaw(operations: string): PickleValue {
  return read(p.raw(`${operations}.`));
}

function messageOf(bytes: Uint8Array): string {
  return caught(() => read(bytes)).message;
}

describe("values", () => {
  it.each<[string, string, PickleValue]>([
    ["None", "N", null],
    ["NEWTRUE", "\x88", true],
    ["NEWFALSE", "\x89", false],
    ["INT", "I-12\n", -12],
    ["INT as a boolean", "I01\n", true],
    ["LONG", "L99999999999999999999L\n", 99999999999999999999n],
    ["BININT", "J\xfe\xff\xff\xff", -2],
    ["BININT1", "K\xff", 255],
    ["BININT2", "M\x01\x02", 513],
    ["LONG1 of nothing", "\x8a\x00", 0],
    ["LONG1, negative", "\x8a\x01\xff", -1],
    ["LONG1, negative of two bytes", "\x8a\x02\x00\x80", -32768],
    ["LONG1, large", "\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01", 2n ** 64n],
    ["LONG4", "\x8b\x02\x00\x00\x00\x01\x01", 257],
    ["BINFLOAT", "G\x3f\xf8\x00\x00\x00\x00\x00\x00", 1.5],
    ["BINUNICODE", "X\x02\x00\x00\x00\xc3\xa9", "é"],
    ["SHORT_BINUNICODE", "\x8c\x01a", "a"],
    ["BINUNICODE8", "\x8d\x01\x00\x00\x00\x00\x00\x00\x00a", "a"],
    ["SHORT_BINSTRING", "U\x02\xe9b", "éb"],
    ["BINSTRING", "T\x01\x00\x00\x00b", "b"],
    ["FRAME and PROTO", "\x80\x04\x95\x01\x00\x00\x00\x00\x00\x00\x00N", null],
    ["POP", "K\x01K\x020", 1],
    ["POP of a bare mark", "K\x01(0", 1],
    ["POP_MARK", "K\x01(K\x02K\x031", 1],
  ])("%s", (_, operations, value) => {
    expect(readRaw(operations)).toBe(value);
  });

  it.each([
    ["BINBYTES", "B\x02\x00\x00\x00ab"],
    ["SHORT_BINBYTES", "C\x02ab"],
    ["BINBYTES8", "\x8e\x02\x00\x00\x00\x00\x00\x00\x00ab"],
    ["BYTEARRAY8", "\x96\x02\x00\x00\x00\x00\x00\x00\x00ab"],
  ])("%s", (_, operations) => {
    expect(Buffer.from(readRaw(operations) as Uint8Array).toString()).toBe("ab");
  });

  it.each([
    [")", []],
    ["K\x01\x85", [1]],
    ["K\x01K\x02\x86", [1, 2]],
    ["K\x01K\x02K\x03\x87", [1, 2, 3]],
    ["(K\x01K\x02K\x03K\x04t", [1, 2, 3, 4]],
    ["K\x072\x86", [7, 7]],
  ])("tuples, with DUP: %j", (operations, items) => {
    expect(readRaw(operations)).toEqual(new PickleTuple(items));
  });

  it.each(["](K\x01K\x02e", "]K\x01aK\x02a", "(K\x01K\x02l"])("lists: %j", (operations) => {
    expect((readRaw(operations) as PickleList).items).toEqual([1, 2]);
  });

  it.each(["}(K\x01K\x02K\x03K\x04u", "}K\x01K\x02sK\x03K\x04s", "(K\x01K\x02K\x03K\x04d"])(
    "dicts: %j",
    (operations) => {
      expect([...(readRaw(operations) as PickleDict).entries()]).toEqual([
        [1, 2],
        [3, 4],
      ]);
    },
  );

  it("the later of two equal keys", () => {
    const value = read(p.pickle(p.dict([p.text("a"), p.int(1)], [p.text("a"), p.int(2)])));
    expect([...(value as PickleDict).entries()]).toEqual([["a", 2]]);
  });

  it.each([
    "K\x07q\x010h\x01",
    "K\x07r\x01\x00\x00\x000j\x01\x00\x00\x00",
    "K\x07p1\n0g1\n",
    "K\x07\x940h\x00",
  ])("memos: %j", (operations) => expect(readRaw(operations)).toBe(7));

  it("a list that holds itself", () => {
    const value = readRaw("]q\x00h\x00a") as PickleList;
    expect(value.items[0]).toBe(value);
  });

  it("a window's edge within any value", () => {
    const long = "x".repeat(65_530);
    const items = p.list(
      p.text(long),
      p.text("abc"),
      p.int(2n ** 80n),
      p.global("module", "Name"),
      p.float(0.1),
    );
    expect((read(p.pickle(items)) as PickleList).items).toEqual([
      long,
      "abc",
      2n ** 80n,
      new PickleGlobal("module", "Name"),
      0.1,
    ]);
  });
});

describe("objects", () => {
  const os = p.global("os", "system");
  it.each<[string, p.Pickled, string]>([
    ["REDUCE", p.call(os, p.text("true")), "os.system"],
    ["REDUCE without a tuple", p.raw("", os, p.text("x"), p.raw("R")), "os.system"],
    ["REDUCE of a result", p.raw("", p.call(os), p.raw(")R")), "(call of an object)"],
    ["NEWOBJ", p.raw("", os, p.raw(")\x81")), "os.system"],
    ["NEWOBJ_EX", p.raw("", os, p.raw(")}\x92")), "os.system"],
    ["INST", p.raw("(K\x01ios\nsystem\n"), "os.system"],
    ["OBJ", p.raw("(", os, p.raw("K\x01o")), "(old-style object)"],
    ["BUILD", p.raw("", os, p.raw(")\x81}b")), "os.system"],
    ["a set", p.raw("\x8f(K\x01\x90"), "builtins.set"],
    ["a frozenset", p.raw("(K\x01\x91"), "builtins.frozenset"],
    ["items of an unknown dict", p.raw("", os, p.raw(")\x81(K\x01K\x02uK\x01K\x02s")), "os.system"],
    ["items of an unknown list", p.raw("", os, p.raw(")\x81(K\x01eK\x01a")), "os.system"],
    [
      "a persistent object of another kind",
      p.raw("", p.tuple(p.text("module"), os), p.raw("Q")),
      "(persistent object)",
    ],
  ])("%s makes an inert record", (_, operations, path) => {
    expect(read(p.pickle(operations))).toEqual(new UnknownObject(path));
  });

  it("names of JavaScript's own find nothing", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      const value = read(p.pickle(p.call(p.global("", name), p.text("return process"))));
      expect(value).toBeInstanceOf(UnknownObject);
    }
  });

  it.each([p.global("a.b", "C"), p.raw("", p.text("a.b"), p.text("C"), p.raw("\x93"))])(
    "classes are names",
    (value) => {
      expect(read(p.pickle(value))).toEqual(new PickleGlobal("a.b", "C"));
    },
  );

  it.each(["collections.OrderedDict", "builtins.dict", "__builtin__.dict", "collections.defaultdict"])(
    "%s",
    (path) => {
      const [module, name] = path.split(/\.(?=\w+$)/) as [string, string];
      const value = read(p.pickle(p.raw("", p.call(p.global(module, name)), p.raw("K\x01K\x02s}b"))));
      expect([...(value as PickleDict).entries()]).toEqual([[1, 2]]);
    },
  );

  it("an ordered dict as Python 2 wrote it", () => {
    const pairs = p.list(p.list(p.text("a"), p.int(1)), p.list(p.text("b"), p.int(2)));
    const value = read(p.pickle(p.call(p.global("collections", "OrderedDict"), pairs)));
    expect([...(value as PickleDict).entries()]).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
    const odd = p.call(p.global("collections", "OrderedDict"), p.list(p.list(p.text("a"))));
    expect(read(p.pickle(odd))).toBeInstanceOf(UnknownObject);
  });
});

describe("tensors", () => {
  const fields = { key: "k", elements: 6, offset: 1, shape: [2, 2], strides: [2, 1] };
  const whole = {
    key: "k",
    dtype: "float32",
    bytesPerElement: 4,
    elements: 6,
    firstElement: 0,
    usableElements: 6,
  };

  it("describe their storage, offset, shape and strides", () => {
    expect(read(p.pickle(p.tensor(fields)))).toEqual(
      new PickleTensor(new PickleStorage({ ...whole, dtype: "float32" }), 1, [2, 2], [2, 1]),
    );
  });

  const four = [p.storage(fields), p.int(0), p.tuple(p.int(6)), p.tuple(p.int(1))] as const;
  const v2 = p.global("torch._utils", "_rebuild_tensor_v2");
  const tensor = p.call(v2, ...four, p.FALSE, p.NONE);
  it.each([
    ["_rebuild_tensor", p.call(p.global("torch._utils", "_rebuild_tensor"), ...four)],
    ["_rebuild_tensor_v2 with empty metadata", p.call(v2, ...four, p.FALSE, p.NONE, p.dict())],
    [
      "sizes as torch.Size",
      p.call(v2, four[0], four[1], p.call(p.global("torch", "Size"), p.list(p.int(6))), four[3]),
    ],
    ["_rebuild_parameter", p.call(p.global("torch._utils", "_rebuild_parameter"), tensor, p.TRUE, p.NONE)],
    [
      "_rebuild_parameter_with_state",
      p.call(p.global("torch._utils", "_rebuild_parameter_with_state"), tensor),
    ],
    [
      "a parameter before PyTorch 0.4",
      p.raw("", p.call(p.global("torch.nn.parameter", "Parameter"), tensor), p.raw(")b")),
    ],
    ["a buffer before PyTorch 0.4", p.call(p.global("torch.autograd.variable", "Variable"), tensor)],
    [
      "a tensor with attributes",
      p.call(
        p.global("torch._tensor", "_rebuild_from_type_v2"),
        v2,
        p.global("torch", "Tensor"),
        p.tuple(...four),
        p.dict(),
      ),
    ],
  ])("%s", (_, value) => {
    const read_ = read(p.pickle(value));
    expect(read_).toBeInstanceOf(PickleTensor);
    expect((read_ as PickleTensor).shape).toEqual([6]);
  });

  const fromType = p.global("torch._tensor", "_rebuild_from_type_v2");
  it.each([
    ["negated when read", p.call(v2, ...four, p.FALSE, p.NONE, p.record({ neg: p.TRUE }))],
    ["a negative offset", p.call(v2, four[0], p.int(-1), four[2], four[3])],
    ["a negative size", p.call(v2, four[0], four[1], p.tuple(p.int(-6)), four[3])],
    ["a size past 2^53", p.call(v2, four[0], four[1], p.tuple(p.int(2n ** 60n)), four[3])],
    ["a fractional size", p.call(v2, four[0], four[1], p.tuple(p.float(1.5)), four[3])],
    ["a negative stride", p.call(v2, four[0], four[1], four[2], p.tuple(p.int(-1)))],
    ["fewer strides than sizes", p.call(v2, four[0], four[1], p.tuple(p.int(2), p.int(3)), four[3])],
    [
      "65 dimensions",
      p.call(v2, four[0], four[1], ...[0, 1].map(() => p.tuple(...Array(65).fill(p.int(1))))),
    ],
    ["no storage", p.call(v2, p.NONE, four[1], four[2], four[3])],
    ["no arguments", p.call(v2)],
    ["a builder that builds itself", p.call(fromType, fromType, p.NONE, p.tuple(fromType), p.NONE)],
    [
      "a builder that is not one",
      p.call(fromType, p.global("os", "system"), p.NONE, p.tuple(p.text("true")), p.NONE),
    ],
  ])("%s: unknown", (_, value) => {
    expect(read(p.pickle(value))).toBeInstanceOf(UnknownObject);
  });

  it.each<[string, p.Pickled]>([
    ["an unknown class", p.storage({ type: "FancyStorage", elements: 1 })],
    ["a negative count", p.storage({ elements: -1 })],
    ["a count past all files", p.storage({ elements: 2n ** 60n })],
    ["a part past its end", p.storage({ elements: 4, view: p.tuple(p.text("v"), p.int(2), p.int(3)) })],
    ["a malformed part", p.storage({ elements: 4, view: p.tuple(p.text("v")) })],
  ])("a storage with %s: unknown", (_, value) => {
    expect(read(p.pickle(value))).toEqual(new UnknownObject("(persistent object)"));
  });

  it("a part of a storage", () => {
    const value = read(p.pickle(p.storage({ elements: 6, view: p.tuple(p.text("v"), p.int(2), p.int(3)) })));
    expect((value as PickleStorage).reference).toMatchObject({
      elements: 6,
      firstElement: 2,
      usableElements: 3,
    });
  });

  it("storages within unknown objects are reported too", () => {
    const keys: string[] = [];
    const bytes = p.pickle(p.call(p.global("a", "B"), p.storage({ key: "inner", elements: 1 })));
    readPickle(new ByteCursor(memorySource("x", bytes)), ({ key }) => keys.push(key));
    expect(keys).toEqual(["inner"]);
  });
});

describe("malformed pickles", () => {
  it.each([
    ["nothing", "", "truncated"],
    ["no end", "N", "truncated"],
    ["an empty stack", ".", "takes a value from an empty stack"],
    ["an empty stack, popped", "0.", "takes a value from an empty stack"],
    ["a value below a mark", "]K\x01(a.", "takes a value from an empty stack"],
    ["a mark not set", "t.", "takes a mark that was not set"],
    ["a memo far off", "Nr\xff\xff\xff\xff.", "sets memo 4294967295 in its step 2"],
    ["a memo of 20 digits", "Np99999999999999999999\n.", "sets memo 100000000000000000000"],
    ["a negative memo", "Np-1\n.", "negative memo number"],
    ["a negative memo, read", "g-1\n.", "negative memo number"],
    ["a memo not set", "h\x01.", "refers to memo 1, which was not set"],
    ["an odd number of items", "}(K\x01u.", "sets a key without a value"],
    ["items of a number", "K\x01(K\x01K\x02u.", "sets items of something that is no dict"],
    ["items of a list", "](K\x01K\x02u.", "sets items of something that is no dict"],
    ["appending to a dict", "}K\x01a.", "appends to something that is no list"],
    ["state of a number", "K\x01}b.", "sets attributes of something that has none"],
    ["a class named by a number", "K\x01K\x02\x93.", "names a class by something that is no string"],
    ["a text integer", "Iabc\n.", "malformed integer"],
    ["an endless line", `c${"x".repeat(5000)}\nb\n.`, "no end of line within 4096 bytes"],
    ["a line without end", "cos", "no end of line"],
    ["text past the end", "X\xff\xff\xff\xffabc.", "expected 4294967295 more bytes"],
    ["text far past the end", "\x8d\xff\xff\xff\xff\xff\xff\xff\xffabc.", "truncated"],
    ["bytes far past the end", "\x8e\x00\x00\x00\x00\x00\x00\x00\x10abc.", "truncated"],
    ["an integer of 2 GB", "\x8b\xff\xff\xff\x7f.", "holds an integer of 2147483647 bytes"],
    ["text that is no UTF-8", "\x8c\x01\xff.", "not valid UTF-8"],
    ["protocol 6", "\x80\x06N.", "unsupported pickle protocol 6"],
    ["an extension registry", "\x82\x01.", "unsupported pickle operation 0x82"],
    ["an out-of-band buffer", "\x97.", "unsupported pickle operation 0x97"],
    ["an unknown operation", "\xff.", "unsupported pickle operation 0xff"],
  ])("%s", (_, operations, message) => {
    expect(messageOf(p.raw(operations))).toContain(message);
  });

  it.each(["\x80\x06N.", "\x97."])(
    "an intact pickle of another kind is not called damaged: %j",
    (operations) => {
      expect(messageOf(p.raw(operations))).toMatch(/\. Save the state dict alone, with `torch\.save\(/);
    },
  );

  it("says at which byte", () => {
    expect(caught(() => readRaw("NNN\xff"))).toMatchObject({ file: "data.pkl", offset: 4 });
  });
});
