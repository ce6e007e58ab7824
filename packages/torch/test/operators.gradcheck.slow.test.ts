import { dispatch, ops, type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { declared } from "../src/core/operator.ts";
import { gradcheck } from "./gradcheck.ts";
import { notDifferentiable } from "./operatorsUnchecked.ts";
import { differentiable, positive, small, spread } from "./operatorTable.ts";

describe("gradients against finite differences, float64", () => {
  test.each(differentiable)("$operator", ({ values, shape, ...checked }) => {
    const first = [dispatch(checked.operator, values())].flat()[0] as Tensor;
    expect(first.shape).toEqual(shape);
    expect(first.dtype).toBe("float64");
    expect(gradcheck(checked, values())).toEqual([]);
  });

  test("every operator in use is in the table or has a reason not to be", () => {
    const known = [
      ...differentiable.map((entry) => entry.operator),
      ...Object.values(notDifferentiable).flat(),
    ];
    expect(new Set(known).size).toBe(known.length);
    expect([...declared.keys()].sort()).toEqual(known.sort());
  });

  test("operators said to have no gradient record none", () => {
    const x = spread(2, 3).requiresGrad_();
    for (const name of notDifferentiable["gives booleans or indices"]!) {
      const unary = declared
        .get(name)!
        .arguments.slice(1)
        .every((argument) => argument.hasDefault);
      if (
        !unary ||
        ["aten::one_hot", "aten::bincount", "aten::item", "aten::all", "aten::any"].includes(name)
      )
        continue;
      expect((dispatch(name, [x]) as Tensor).requiresGrad, name).toBe(false);
    }
  });

  test("a wrong gradient is noticed", () => {
    // round's gradient is zero in libtorch, but across a half the difference is not.
    expect(gradcheck({ operator: "aten::round" }, [tensor([0.5], { dtype: "float64" })])).toHaveLength(1);
  });
});

type Unary = readonly [name: string, input: typeof spread, expected: (x: number) => number];

const unaries: Unary[] = [
  ["neg", spread, (x) => -x],
  ["abs", spread, Math.abs],
  ["sign", spread, Math.sign],
  ["exp", small, Math.exp],
  ["log", positive, Math.log],
  ["sqrt", positive, Math.sqrt],
  ["rsqrt", positive, (x) => 1 / Math.sqrt(x)],
  ["square", spread, (x) => x * x],
  ["reciprocal", positive, (x) => 1 / x],
  ["sin", spread, Math.sin],
  ["cos", spread, Math.cos],
  ["floor", spread, Math.floor],
  ["ceil", spread, Math.ceil],
  ["relu", spread, (x) => Math.max(x, 0)],
  ["silu", spread, (x) => x / (1 + Math.exp(-x))],
  ["sigmoid", spread, (x) => 1 / (1 + Math.exp(-x))],
  ["tanh", spread, Math.tanh],
];

const binaries: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ["add", (a, b) => a + b],
  ["sub", (a, b) => a - b],
  ["mul", (a, b) => a * b],
  ["div", (a, b) => a / b],
  ["remainder", (a, b) => a - b * Math.floor(a / b)],
  ["maximum", Math.max],
  ["minimum", Math.min],
  ["atan2", Math.atan2],
];

describe("values against plain JavaScript", () => {
  const numbers = (x: Tensor) => Array.from(x.toTypedArray() as Float64Array);

  test.each(unaries)("%s", (name, input, expected) => {
    const x = input(3, 4);
    const operator = ops[name as keyof typeof ops] as (x: Tensor) => Tensor;
    expect(operator(x)).toBeAllclose(numbers(x).map(expected), 1e-14);
  });

  test.each(binaries)("%s, broadcast", (name, expected) => {
    const [a, b] = [spread(3, 4), positive(4)];
    const operator = ops[name as keyof typeof ops] as (a: Tensor, b: Tensor) => Tensor;
    const right = numbers(b);
    expect(operator(a, b)).toBeAllclose(
      numbers(a).map((x, i) => expected(x, right[i % 4]!)),
      1e-14,
    );
  });

  test.each([
    ["eq", (a: number, b: number) => a === b],
    ["ne", (a: number, b: number) => a !== b],
    ["lt", (a: number, b: number) => a < b],
    ["le", (a: number, b: number) => a <= b],
    ["gt", (a: number, b: number) => a > b],
    ["ge", (a: number, b: number) => a >= b],
  ] as const)("%s, of tensors and of numbers", (name, expected) => {
    const [left, right] = [
      [1, 2, 3, Number.NaN],
      [2, 2, 2, Number.NaN],
    ];
    expect(ops[name](tensor(left), tensor(right)).toArray()).toEqual(
      left.map((x, i) => Number(expected(x, right[i]!))),
    );
    expect(ops[name](tensor(left), 2).toArray()).toEqual(left.map((x) => Number(expected(x, 2))));
  });

  test("round goes to even", () => {
    expect(ops.round(tensor([0.5, 1.5, 2.5, -0.5])).toArray()).toEqual([0, 2, 2, -0]);
  });

  test("matmul and bmm are sums of products", () => {
    const [a, b] = [spread(2, 3), positive(3, 4)];
    const [x, y] = [a.toArray() as number[][], b.toArray() as number[][]];
    const product = x.map((row) =>
      y[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * y[k]![j]!, 0)),
    );
    expect(ops.matmul(a, b)).toBeAllclose(product.flat(), 1e-14);
    expect(ops.bmm(a.unsqueeze(0), b.unsqueeze(0))).toBeAllclose(product.flat(), 1e-14);
    expect(ops.einsum("ij,jk->ik", [a, b])).toBeAllclose(product.flat(), 1e-14);
  });

  test("conv2d is a cross-correlation", () => {
    const [x, w] = [small(1, 2, 4, 4), small(3, 2, 3, 3)];
    const [image, kernel] = [x.toArray() as number[][][][], w.toArray() as number[][][][]];
    const at = (o: number, i: number, j: number) => {
      let sum = 0;
      for (let c = 0; c < 2; c++)
        for (let k = 0; k < 3; k++)
          for (let l = 0; l < 3; l++) sum += image[0]![c]![i + k]![j + l]! * kernel[o]![c]![k]![l]!;
      return sum;
    };
    const expected = [0, 1, 2].flatMap((o) => [at(o, 0, 0), at(o, 0, 1), at(o, 1, 0), at(o, 1, 1)]);
    expect(ops.conv2d(x, w)).toBeAllclose(expected, 1e-13);
  });
});
