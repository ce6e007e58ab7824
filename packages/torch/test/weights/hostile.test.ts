import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parsePth } from "../../src/weights/pth.ts";
import { parseSafetensors } from "../../src/weights/safetensors.ts";
import { caught } from "./caught.ts";
import { floats, legacyPth, safetensorsFile, zipFile, zipPth } from "./fileBuilder.ts";
import * as p from "./pickleBuilder.ts";

/** Resident memory a call may cost. */
const MOST_BYTES = 400e6;
const MOST_CPU_SECONDS = 10;

/** Runs a call that a hostile file must not make expensive. */
function cheaply<Result>(call: () => Result): Result {
  const [rss, start] = [process.memoryUsage().rss, process.cpuUsage()];
  const result = call();
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1e6).toBeLessThan(MOST_CPU_SECONDS);
  expect(process.memoryUsage().rss - rss).toBeLessThan(MOST_BYTES);
  return result;
}

const weight = p.tensor({ elements: 1, shape: [1], strides: [1] });
const one = floats(1);

/** A good state dict beside a hostile object. */
function rootBesides(hostile: p.Pickled): p.Pickled {
  return p.pickle(p.dict([p.text("hostile"), hostile], [p.text("state_dict"), p.record({ weight })]));
}

function zipBesides(hostile: p.Pickled): Buffer {
  return zipPth(rootBesides(hostile), { 0: one });
}

function legacyBesides(hostile: p.Pickled): Buffer {
  return legacyPth(rootBesides(hostile), [{ key: "0", data: one }]);
}

const executed = join(tmpdir(), "pickle-was-executed-by-test");
const command = p.text(`touch ${executed}`);

describe("objects that would run a command", () => {
  it.each<[string, p.Pickled]>([
    ["os.system by REDUCE", p.call(p.global("os", "system"), command)],
    [
      "posix.system by STACK_GLOBAL",
      p.call(p.raw("", p.text("posix"), p.text("system"), p.raw("\x93")), command),
    ],
    [
      "subprocess.Popen by NEWOBJ",
      p.raw("", p.global("subprocess", "Popen"), p.tuple(command), p.raw("\x81")),
    ],
    [
      "subprocess.Popen by NEWOBJ_EX",
      p.raw("", p.global("subprocess", "Popen"), p.tuple(command), p.raw("}\x92")),
    ],
    ["os.system by INST", p.raw("(", command, p.raw("ios\nsystem\n"))],
    ["os.system by OBJ", p.raw("(", p.global("os", "system"), command, p.raw("o"))],
    [
      "eval by a builder of tensors",
      p.call(
        p.global("torch._tensor", "_rebuild_from_type_v2"),
        p.global("builtins", "eval"),
        p.NONE,
        p.tuple(command),
        p.NONE,
      ),
    ],
    [
      "state that sets a method",
      p.raw("", p.global("a", "B"), p.raw(")\x81"), p.record({ __reduce__: command }), p.raw("b")),
    ],
  ])("%s: skipped, the weights beside it read", (_, hostile) => {
    rmSync(executed, { force: true });
    for (const file of [zipBesides(hostile), legacyBesides(hostile)]) {
      const { tensors, skipped } = parsePth(file, "f");
      expect([...tensors.keys()]).toEqual(["weight"]);
      expect(skipped).toEqual(["hostile"]);
    }
    expect(existsSync(executed)).toBe(false);
  });
});

describe("pickles that would fill memory or never end", () => {
  /** Memo k holds a list of two of memo k - 1. */
  const laughs = p.raw(
    "",
    p.memoised(0, p.list(p.text("lol"))),
    ...Array.from({ length: 100 }, (_, k) =>
      p.raw("0", p.memoised(k + 1, p.list(p.recalled(k), p.recalled(k)))),
    ),
  );

  it.each<[string, p.Pickled]>([
    ["lists that double a hundred times", laughs],
    [
      "a builder that builds itself a hundred thousand times",
      p.raw(
        "",
        p.memoised(0, p.global("torch._tensor", "_rebuild_from_type_v2")),
        p.raw(`${"(h\x00N".repeat(1e5)}N${"t".repeat(1e5)}R`),
      ),
    ],
    ["a list that holds itself", p.raw("]q\x00h\x00a")],
    ["nesting three hundred thousand deep", p.raw(`${"]".repeat(3e5)}${"a".repeat(3e5 - 1)}`)],
    ["tuples three hundred thousand deep", p.raw(`N${"\x85".repeat(3e5)}`)],
  ])("%s: skipped at its cost in bytes", (_, hostile) => {
    const file = zipBesides(hostile);
    expect([...cheaply(() => parsePth(file, "f")).tensors.keys()]).toEqual(["weight"]);
  });

  const manyPairs = p.list(...Array.from({ length: 20_000 }, (_, k) => p.tuple(p.int(k), p.NONE)));
  it.each<[string, p.Pickled]>([
    ["a flood of dicts", p.raw("}".repeat(4.2e6))],
    ["a flood of marks", p.raw("(".repeat(4.2e6))],
    ["a flood of memos", p.raw(`N${"\x94".repeat(4.2e6)}`)],
    [
      "one long list copied again and again",
      p.raw(
        "",
        p.memoised(0, p.tuple(manyPairs)),
        ...Array(1000).fill(p.raw("", p.global("collections", "OrderedDict"), p.recalled(0), p.raw("R0"))),
      ),
    ],
  ])("%s: refused", (_, hostile) => {
    const file = zipBesides(hostile);
    expect(cheaply(() => caught(() => parsePth(file, "f"))).message).toContain("more than 4000000 steps");
  });
});

describe("archives that would fill memory", () => {
  it("a pickle that inflates to 64 MiB from a few KiB: refused", () => {
    const bomb = { name: "a/data.pkl", data: Buffer.alloc(2 ** 26, "}"), deflate: true };
    expect(cheaply(() => caught(() => parsePth(zipFile([bomb]), "f"))).message).toContain("inflates too far");
  });

  it("a storage that inflates so: refused", () => {
    const root = p.pickle(p.record({ w: p.tensor({ elements: 2 ** 22, shape: [2 ** 22], strides: [1] }) }));
    const entries = [
      { name: "a/data.pkl", data: root },
      { name: "a/data/0", data: new Uint8Array(2 ** 24 + 4), deflate: true, size: 2 ** 30 },
    ];
    expect(cheaply(() => caught(() => parsePth(zipFile(entries), "f"))).message).toContain(
      "inflates too far",
    );
  });

  it("sixteen million elements of 62 dimensions from one: read in time", () => {
    const ones = (count: number, value: number) => Array<number>(count).fill(value);
    const shape = [...ones(20, 1), 2 ** 11, ...ones(20, 1), 2 ** 11, ...ones(20, 1)];
    const root = p.pickle(p.record({ w: p.tensor({ elements: 1, shape, strides: ones(62, 0) }) }));
    expect(cheaply(() => parsePth(zipPth(root, { 0: one }), "f")).tensors.get("w")?.bytes).toHaveLength(
      2 ** 24,
    );
  });
});

describe("safetensors headers that would fill memory", () => {
  const entry = '{"dtype":"F32","shape":[0],"data_offsets":[0,0]}';
  it.each<[string, string, string]>([
    ["a shape of ten million sizes", `{"x":{"shape":[${"1,".repeat(1e7)}1]}}`, "at most 64 numbers"],
    ["a name of ten million letters", `{"${"x".repeat(1e7)}":${entry}`, 'expected "}"'],
    ["a name of backslashes without end", `{"${"\\\\".repeat(5e6)}`, "string without end"],
    ["ten million spaces", `{${" ".repeat(1e7)}`, "expected a string"],
  ])("%s: refused", (_, header, message) => {
    expect(cheaply(() => caught(() => parseSafetensors(safetensorsFile(header), "f"))).message).toContain(
      message,
    );
  });

  it("thirty thousand empty tensors: read", () => {
    const entries = Array.from({ length: 30_000 }, (_, k) => `"${k}":${entry}`).join(",");
    expect(cheaply(() => parseSafetensors(safetensorsFile(`{${entries}}`), "f")).tensors.size).toBe(30_000);
  });
});
