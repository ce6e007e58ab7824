// Calls operators in use with values drawn to be odd: wrong kinds, empty and huge sizes, NaN, other layouts and dtypes.
// Arguments: seed, number of calls. Prints how many succeeded, and the errors that were of no class of ours. On standard
// error, the call under way, should it end the process.
import { writeSync } from "node:fs";
import { type Argument, dispatch, Generator, ops, randn, scope, Tensor, TorchError } from "@duchenne/torch";
import { declared } from "../../src/core/operator.ts";

const [seed = 1, calls = 1000] = process.argv.slice(2).map(Number);

// Some processors trap where libtorch divides the smallest int64 by −1, or by a group count cut to 32 bits: not ours to mend.
const leftOut = ["aten::remainder.Tensor", "aten::remainder.Scalar"];
const hugeIntegers = (name: string) =>
  name === "aten::conv2d" ? [] : [2 ** 45, 2 ** 53, 2n ** 63n - 1n, -(2n ** 63n)];

let state = seed;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

const dtypes = ["float32", "float64", "int64", "bool", "uint8", "bfloat16", "float16", "int32"] as const;
const floats = [
  0,
  0.5,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-30,
  1e300,
  2,
];
const integers = [0, 1, 1, 2, 2, 3, 4, -1, -2, 5];
const texts = [
  "L",
  "U",
  "none",
  "tanh",
  "ij,jk->ik",
  "i,j",
  "...",
  "->",
  "ii",
  "ij->",
  "i...,...j->ij",
  "a\0",
  "ü",
  "",
];
const wrong: readonly Argument[] = [null, "x", 3, true, [1], [[1]], 1.5];
const generator = Generator.seeded(1);

function tensor(): Tensor {
  const shape = Array.from({ length: pick([0, 1, 1, 2, 2, 3, 4, 4, 5]) }, () =>
    pick([0, 1, 1, 2, 2, 3, 4, 5]),
  );
  let made = randn(shape, { generator }).mul(3);
  if (random() < 0.2) made = made.add(pick(floats));
  made = made.to({ dtype: random() < 0.6 ? "float32" : pick(dtypes) });
  if (random() < 0.2 && shape.length > 1) made = made.transpose(0, shape.length - 1);
  if (random() < 0.1 && shape.length === 4) made = made.contiguous("channelsLast");
  if (random() < 0.2 && made.dtype.includes("float")) made = made.detach().requiresGrad_();
  return random() < 0.03 ? made.to({ device: "meta" }) : made;
}

function oddValue(type: string, name: string): Argument {
  if (random() < 0.02) return pick(wrong);
  if (type.endsWith("?")) return random() < 0.5 ? null : oddValue(type.slice(0, -1), name);
  const list = /^(.*)\[(\d*)\]$/.exec(type);
  if (list) {
    if (list[2] && random() < 0.2) return oddValue(list[1]!, name);
    const length = list[2] && random() < 0.7 ? Number(list[2]) : pick([0, 1, 2, 2, 3, 4, 5]);
    return Array.from({ length }, () => oddValue(list[1]!, name));
  }
  const atoms: Record<string, () => Argument> = {
    Tensor: tensor,
    int: () => pick<Argument>(random() < 0.8 ? integers : [7, -7, 65, -100, ...hugeIntegers(name)]),
    float: () => pick(floats),
    bool: () => random() < 0.5,
    Scalar: () => pick<Argument>([...floats, 3, -3, true, 2n ** 62n]),
    str: () => pick(texts),
    Device: () => pick(["cpu", "cpu", "meta", "cuda", "cpu:3"]),
    ScalarType: () => pick([...dtypes, "complex64"]),
    Layout: () => pick(["strided", "sparse_coo", "mkldnn"]),
    MemoryFormat: () => pick(["contiguous", "preserve", "channelsLast"]),
    Generator: () => generator,
  };
  return atoms[type]!();
}

function show(value: Argument): string {
  if (value instanceof Tensor) return value.describe();
  return Array.isArray(value) ? `[${value.map(show).join(", ")}]` : String(value);
}

function read(result: unknown): void {
  if (!(result instanceof Tensor) || result.device !== "cpu" || result.numel > 1e5) return;
  result.describe();
  if (!result.dtype.startsWith("complex")) result.toTypedArray();
  if (result.requiresGrad && !result.isLeaf) result.backward(ops.onesLike(result.detach()));
}

const untyped: string[] = [];
let done = 0;
const schemas = [...declared.values()].filter(({ name }) => !leftOut.includes(name));
for (let i = 0; i < calls; i++) {
  const { name, arguments: parameters } = pick(schemas);
  scope(() => {
    const values = parameters.map((p) =>
      p.hasDefault && random() < 0.3 ? undefined : oddValue(p.type, name),
    );
    if (process.env.ODD_CALLS_TRACE) writeSync(2, `${name}(${values.map(show).join(", ")})\n`);
    try {
      read(dispatch(name, values));
      done++;
    } catch (error) {
      if (!(error instanceof TorchError)) untyped.push(`${name}: ${error}`);
    }
  });
}
console.log(JSON.stringify({ done, untyped }));
