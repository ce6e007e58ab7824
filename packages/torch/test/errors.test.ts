import {
  type Argument,
  ArgumentError,
  arange,
  DisposedError,
  dispatch,
  empty,
  Generator,
  getThreads,
  hasOperator,
  OperatorError,
  ones,
  operator,
  operatorSchema,
  ops,
  setThreads,
  synchronize,
  type Tensor,
  TorchError,
  tensor,
  UnknownOperatorError,
  withThreads,
  zeros,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { runChild } from "./childProcess.ts";

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

function operatorErrorOf(action: () => unknown): OperatorError {
  const error = caught(action);
  expect(error).toBeInstanceOf(OperatorError);
  return error as OperatorError;
}

function argumentErrorOf(action: () => unknown): ArgumentError {
  const error = caught(action);
  expect(error).toBeInstanceOf(ArgumentError);
  return error as ArgumentError;
}

describe("what libtorch refuses names the operator and the shapes", () => {
  test("shapes", () => {
    const error = operatorErrorOf(() => ones([2, 3]).matmul(ones([4, 5])));
    expect(error.operator).toBe("aten::matmul");
    expect(error.received).toEqual(["float32[2, 3]", "float32[4, 5]"]);
    expect(error.message).toContain("aten::matmul(float32[2, 3], float32[4, 5]): mat1 and mat2");
    expect(error.reason).not.toContain("frame #");
    expect(error.name).toBe("OperatorError");
  });

  test("long lists are shortened", () => {
    const many = Array.from({ length: 10 }, (_, i) => ones([i + 1, 2, i]));
    expect(operatorErrorOf(() => ops.cat(many, 1)).received[0]).toMatch(/^\[float32\[1, 2, 0\], .*, … 10\]$/);
  });

  test.each<readonly [string, OperatorError["kind"] | undefined, () => unknown]>([
    ["a dtype", undefined, () => ops.bmm(ones([1, 2, 2]), ones([1, 2, 2], { dtype: "int64" }))],
    [
      "a dtype nothing is made for",
      "notImplemented",
      () => ops.sqrt(ops.eye(2, { layout: "sparse_coo" }).add(1)),
    ],
    ["an index", "index", () => ops.select(ones([2]), 0, 5)],
    ["a dimension", "index", () => ops.sum(ones([2]), 3)],
    ["negative sizes", undefined, () => zeros([-1])],
    ["memory", "outOfMemory", () => empty([2 ** 50])],
    ["memory of a filled tensor", "outOfMemory", () => zeros([2 ** 52])],
    ["sizes whose product overflows", undefined, () => zeros([2 ** 40, 2 ** 40])],
    ["CUDA where there is none", undefined, () => zeros([1], { device: "cuda:77" })],
    ["an empty list", undefined, () => ops.stack([])],
    ["classes out of range", "index", () => ops.crossEntropy(ones([1, 2]), tensor([5], { dtype: "int64" }))],
    ["groups", undefined, () => ops.conv2d(ones([1, 3, 4, 4]), ones([2, 3, 3, 3]), null, 1, 0, 1, 2)],
    ["no groups", undefined, () => ops.conv2d(ones([1, 3, 4, 4]), ones([2, 3, 3, 3]), null, 1, 0, 1, 0)],
    ["a stride of 0", undefined, () => ops.conv2d(ones([1, 3, 4, 4]), ones([2, 3, 3, 3]), null, 0)],
    ["a kernel larger than the image", undefined, () => ops.maxPool2d(ones([1, 1, 2, 2]), 5)],
    ["a matrix that is not finite", undefined, () => ops.svdvals(ops.full([4, 4], Number.NaN))],
    ["an equation", undefined, () => ops.einsum("ij,jk->", [ones([2])])],
    ["no elements to choose from", undefined, () => ops.argmax(zeros([0]))],
  ])("%s", (_, kind, use) => {
    const error = operatorErrorOf(use);
    if (kind) expect(error.kind).toBe(kind);
    expect(error.operator).toMatch(/^aten::/);
    expect(error.reason.length).toBeGreaterThan(5);
  });

  test("too much memory is refused at once", () => {
    const start = process.cpuUsage();
    for (let power = 42; power <= 62; power++)
      expect(() => dispatch("aten::zeros", [[2n ** BigInt(power)]])).toThrow(TorchError);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(20); // clearing a terabyte takes minutes
  });
});

describe("what a schema does not take is refused before libtorch sees it", () => {
  const x = ones([2]);
  const everything: readonly (readonly [string, Argument | object | symbol])[] = [
    ["null", null],
    ["number", 2],
    ["fraction", 1.5],
    ["infinity", Number.POSITIVE_INFINITY],
    ["NaN", Number.NaN],
    ["bigint", 3n],
    ["bool", true],
    ["string", "cpu"],
    ["text", "sum"],
    ["tensor", x],
    ["generator", Generator.seeded(1)],
    ["numbers", [1, 2]],
    ["tensors", [x]],
    ["lists", [[1]]],
    ["object", { a: 1 }],
    ["typed array", new Float64Array(2)],
    ["function", () => 1],
    ["symbol", Symbol("s")],
  ];

  /** Of each kind of parameter: an operator that has one, where it is, and the values above that it takes. */
  const parameters: readonly (readonly [
    string,
    string,
    (value: Argument) => Argument[],
    readonly string[],
  ])[] = [
    ["Tensor", "aten::relu", (v) => [v], ["tensor"]],
    ["Tensor?", "aten::linear", (v) => [ones([1, 2]), ones([2, 2]), v], ["tensor", "null"]],
    ["Tensor[]", "aten::cat", (v) => [v], ["tensors"]],
    ["Tensor?[]", "aten::index.Tensor", (v) => [ones([2]), v], []],
    ["int", "aten::unsqueeze", (v) => [ones([2, 2, 2, 2]), v], ["number", "bigint"]],
    ["int?", "aten::argmax", (v) => [ones([2, 2, 2, 2]), v], ["null", "number", "bigint"]],
    ["SymInt[]", "aten::zeros", (v) => [v], ["numbers"]],
    [
      "int[1]?",
      "aten::sum.dim_IntList",
      (v) => [ones([2, 2, 2, 2]), v],
      ["null", "number", "bigint", "numbers"],
    ],
    ["int[2]", "aten::max_pool2d", (v) => [ones([1, 5, 5]), v], ["number", "bigint", "numbers"]],
    ["float", "aten::normal_", (v) => [ones([2]), v], ["number", "fraction", "infinity", "NaN"]],
    [
      "float?",
      "aten::upsample_bilinear2d",
      (v) => [ones([1, 1, 2, 2]), [2, 2], false, v],
      ["null", "number", "fraction", "infinity", "NaN"],
    ],
    ["bool", "aten::sort", (v) => [x, 0, v], ["bool"]],
    ["bool?", "aten::zeros", (v) => [[1], null, null, null, v], ["null"]],
    [
      "Scalar",
      "aten::add.Scalar",
      (v) => [x, v],
      ["number", "fraction", "infinity", "NaN", "bigint", "bool"],
    ],
    [
      "Scalar?",
      "aten::clamp",
      (v) => [x, v, 5],
      ["null", "number", "fraction", "infinity", "NaN", "bigint", "bool"],
    ],
    ["str", "aten::linalg_eigvalsh", (v) => [ones([2, 2]), v], []],
    ["ScalarType?", "aten::sum", (v) => [x, v], ["null"]],
    ["Layout?", "aten::zeros", (v) => [[1], null, v], ["null"]],
    ["Device?", "aten::zeros", (v) => [[1], null, null, v], ["null", "string"]],
    ["MemoryFormat?", "aten::clone", (v) => [x, v], ["null"]],
    ["Generator?", "aten::rand.generator", (v) => [[1], v], ["null", "generator"]],
  ];

  test.each(parameters)("%s of %s", (type, name, place, taken) => {
    expect(operatorSchema(name)).toContain(type.replace("SymInt", ""));
    const accepted: string[] = [];
    for (const [kind, value] of everything) {
      const error = caught(() => dispatch(name, place(value as Argument)));
      if (error === undefined) accepted.push(kind);
      else expect(error, kind).toBeInstanceOf(TorchError);
      if (error instanceof ArgumentError) expect(error.operator).toBe(name);
    }
    // What the operator itself refuses, as an index list of floats or a name it does not know, is not in the list either.
    expect(accepted.sort()).toEqual([...taken].sort());
  });

  test("the argument, what was expected and what came are fields", () => {
    const error = argumentErrorOf(() => ops.unsqueeze(x, 1.5));
    expect([error.operator, error.argument, error.expected, error.received]).toEqual([
      "aten::unsqueeze",
      "dim",
      "int",
      "1.5",
    ]);
    expect(error.message).toBe(
      "aten::unsqueeze: dim: expected int, received 1.5. Round it first: `Math.floor(1.5)`.",
    );
    expect(argumentErrorOf(() => ops.zeros([1, Number.NaN])).received).toBe("nan");
    expect(argumentErrorOf(() => ops.zeros([Number.POSITIVE_INFINITY])).argument).toBe("size");
    expect(argumentErrorOf(() => ops.zeros([2 ** 60])).argument).toBe("size");
    expect(argumentErrorOf(() => ops.zeros([1], { dtype: "float31" as never })).expected).toContain(
      "float32, float64",
    );
    expect(argumentErrorOf(() => ops.contiguous(x, { memory_format: "row" as never })).expected).toContain(
      "channelsLast",
    );
  });

  test("numbers of arguments", () => {
    expect(argumentErrorOf(() => dispatch("aten::relu", [])).argument).toBe("self");
    expect(argumentErrorOf(() => dispatch("aten::add.Tensor", [x])).argument).toBe("other");
    expect(argumentErrorOf(() => dispatch("aten::relu", [x, x])).expected).toBe("1 arguments");
    expect(() => (ops.relu as (...values: unknown[]) => Tensor)(x, { alpha: 1 })).toThrow(ArgumentError);
  });

  test("options by other names", () => {
    const error = argumentErrorOf(() => ops.add(x, x, { beta: 2 } as never));
    expect([error.expected, error.received]).toEqual(["one of alpha", "beta"]);
    expect(() => ops.zeros([1], { dType: "float32" } as never)).toThrow(ArgumentError);
  });

  test("integers past 64 bits, and lists too deep or without end", () => {
    expect((dispatch("aten::full", [[1], -(2n ** 63n)]) as Tensor).toTypedArray()).toEqual(
      BigInt64Array.of(-(2n ** 63n)),
    );
    for (const big of [2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n + 1n, 10n ** 400n])
      expect(() => dispatch("aten::full", [[1], big])).toThrow(ArgumentError);
    const endless: Argument[] = [];
    endless.push(endless);
    for (const list of [endless, [[[[[[1]]]]]], [[1]]])
      expect(() => dispatch("aten::zeros", [list])).toThrow(ArgumentError);
  });

  test("paddings of another length", () => {
    for (const padding of [[], [1], [1, 1, 1], [1, 1, 1, 1, 1]])
      expect(() => ops.reflectionPad2d(ones([1, 4, 4]), padding)).toThrow(ArgumentError);
    expect(ops.reflectionPad2d(ones([1, 4, 4]), 1).shape).toEqual([1, 6, 6]);
  });

  test.each([
    "",
    "cpu\0",
    "\0",
    "nonsense",
    "cuda:",
    "cuda:-1",
    "cuda:99999999999",
    "cüda",
    "\u{1F600}",
    "\uD800",
    "x".repeat(100_000),
  ])("the device %j", (device) => {
    expect(() => zeros([1], { device })).toThrow(TorchError);
  });
});

describe("operators by name", () => {
  test.each([
    "aten::nonsense",
    "relu",
    "",
    "::",
    ".",
    "aten::relu.nonsense",
    "aten::relu\0",
    "aten::größe",
    "\uD800",
    "aten::add",
  ])("%j is unknown", (name) => {
    const error = caught(() => dispatch(name, [ones([1])]));
    expect(error).toBeInstanceOf(UnknownOperatorError);
    expect((error as UnknownOperatorError).operator).toBe(name);
    expect(hasOperator(name)).toBe(false);
    expect(() => operatorSchema(name)).toThrow(UnknownOperatorError);
  });

  test("an operator declared anew is one more function", () => {
    const hypot = operator("aten::hypot(Tensor self, Tensor other) -> Tensor");
    expect(hypot(tensor([3]), tensor([4])).toArray()).toEqual([5]);
    const unknown = operator("aten::nonsense(Tensor self) -> Tensor");
    expect(() => unknown(ones([1]))).toThrow(UnknownOperatorError);
  });

  test("results of every kind", () => {
    expect(dispatch("aten::equal", [ones([1]), ones([1])])).toBe(true);
    expect(dispatch("aten::item", [tensor([2n ** 60n + 1n], { dtype: "int64" })])).toBe(2n ** 60n + 1n);
    expect(dispatch("aten::item", [tensor([3], { dtype: "int64" })])).toBe(3);
    expect(String(dispatch("aten::zero_", [ones([1])]))).toBe("Tensor(float32[1])");
    expect(dispatch("aten::_foreach_add_.Scalar", [[ones([1])], 1])).toBeUndefined();
    expect((dispatch("aten::sort", [ones([1])]) as Tensor[]).map((x) => x.dtype)).toEqual([
      "float32",
      "int64",
    ]);
    const gradients = dispatch("aten::native_layer_norm", [ones([2]), [2], null, null, 1e-5]) as Tensor[];
    expect(gradients).toHaveLength(3);
  });
});

describe("disposed tensors in every place", () => {
  const gone = ones([2]);
  gone.dispose();
  const live = ones([2]);
  test.each<readonly [string, () => unknown]>([
    ["first", () => ops.add(gone, live)],
    ["second", () => ops.add(live, gone)],
    ["optional", () => ops.linear(ones([1, 2]), ones([2, 2]), gone)],
    ["in a list", () => ops.cat([live, live, gone])],
    ["in a list of optional ones", () => ops.index(live, [gone])],
    ["in an operator that gives nothing", () => ops.foreachAdd_([live], [gone])],
    ["in place", () => ops.add_(gone, live)],
  ])("%s", (_, use) => {
    const error = caught(use);
    expect(error).toBeInstanceOf(DisposedError);
    expect((error as DisposedError).message).toContain("a disposed Tensor");
  });
});

describe("long argument and result lists", () => {
  test("cat of 5,000, unbind into 10,000, and sizes beyond the tape", () => {
    const tensors = Array.from({ length: 5000 }, (_, i) => tensor([i]));
    expect(ops.cat(tensors).toTypedArray()).toEqual(Float32Array.from({ length: 5000 }, (_, i) => i));
    const parts = ops.unbind(arange(0, 10_000));
    expect(parts).toHaveLength(10_000);
    expect([parts[0]!.item(), parts[9999]!.item()]).toEqual([0, 9999]);
    expect(() => ops.cat([...tensors, ones([2, 2])])).toThrow(OperatorError);
  });

  test("calls after them are as before", () => {
    expect(ones([2]).add(1).toArray()).toEqual([2, 2]);
  });
});

describe("the machine", () => {
  test.each([0, -1, 1.5, Number.NaN, 1e9, 100_000, "2", 2n])("setThreads(%s) is refused", (count) => {
    const before = getThreads();
    expect(() => setThreads(count as never)).toThrow(ArgumentError);
    expect(getThreads()).toBe(before);
  });

  test("setThreads sets", () => {
    setThreads(2);
    expect(getThreads()).toBe(2);
    setThreads(1);
    expect(getThreads()).toBe(1);
  });

  test("withThreads gives the others back, whatever happens", () => {
    setThreads(2);
    expect(withThreads(1, getThreads)).toBe(1);
    expect(getThreads()).toBe(2);
    const fails = () => {
      throw new TorchError("failed");
    };
    expect(() => withThreads(1, fails)).toThrow("failed");
    expect(getThreads()).toBe(2);
    expect(() => withThreads(0, fails)).toThrow(ArgumentError);
    setThreads(1);
  });

  test("synchronize where there is no such device", () => {
    expect(() => synchronize(99)).toThrow(TorchError);
  });
});

test("4,000 calls with odd values end in results or typed errors, and never end the process", async () => {
  const { status, signal, stderr, printed } = await runChild("oddCalls.ts", { args: ["1", "4000"] });
  expect({ status, signal, stderr: status === 0 ? "" : stderr.slice(-2000) }).toEqual({
    status: 0,
    signal: null,
    stderr: "",
  });
  expect(printed).toMatchObject({ untyped: [] });
  expect((printed as { done: number }).done).toBeGreaterThan(1000);
});
