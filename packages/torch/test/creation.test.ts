import {
  ArgumentError,
  arange,
  empty,
  eye,
  full,
  Generator,
  linspace,
  OperatorError,
  ones,
  rand,
  randint,
  randn,
  randperm,
  type Tensor,
  zeros,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";

describe("filled tensors", () => {
  test("values and default dtypes", () => {
    expect(zeros([2, 1]).toArray()).toEqual([[0], [0]]);
    expect(ones([2]).dtype).toBe("float32");
    expect(full([2], 1.5).toArray()).toEqual([1.5, 1.5]);
    expect(full([2], 3).dtype).toBe("int64");
    expect(full([2], true).dtype).toBe("bool");
    expect(full([], -0).dtype).toBe("float32");
    expect(empty([2, 3]).shape).toEqual([2, 3]);
    expect(eye(2).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test("dtype, device and gradient as asked", () => {
    const made = zeros([2], { dtype: "float64", device: "cpu", requiresGrad: true });
    expect([made.dtype, made.device, made.requiresGrad, made.isLeaf]).toEqual(["float64", "cpu", true, true]);
    expect(() => zeros([2], { dtype: "int64", requiresGrad: true })).toThrow(OperatorError);
  });

  test("empty and 0-dimensional", () => {
    for (const make of [zeros, ones, empty]) {
      expect(make([]).shape).toEqual([]);
      expect(make([0, 3]).shape).toEqual([0, 3]);
      expect(make([0]).numel).toBe(0);
    }
    expect(eye(0).shape).toEqual([0, 0]);
  });

  test("ranges", () => {
    expect(arange(0, 5).toArray()).toEqual([0, 1, 2, 3, 4]);
    expect(arange(0, 5).dtype).toBe("int64");
    expect(arange(5, 0, -2).toArray()).toEqual([5, 3, 1]);
    expect(arange(0, 1, 0.25).toArray()).toEqual([0, 0.25, 0.5, 0.75]);
    expect(linspace(0, 1, 3).toArray()).toEqual([0, 0.5, 1]);
    expect(() => arange(0, 5, 0)).toThrow(OperatorError);
    expect(() => arange(0, 5, -1)).toThrow(OperatorError);
    expect(() => linspace(0, 1, -1)).toThrow(OperatorError);
  });
});

describe("random tensors", () => {
  const draws: readonly (readonly [string, (generator: Generator) => Tensor])[] = [
    ["rand", (generator) => rand([1000], { generator })],
    ["randn", (generator) => randn([1000], { generator, dtype: "float64" })],
    ["randint", (generator) => randint(-3, 4, [1000], { generator })],
    ["randperm", (generator) => randperm(1000, { generator })],
  ];

  test.each(draws)("%s repeats with its seed and not with another", (_, draw) => {
    const first = draw(Generator.seeded(5)).toTypedArray();
    expect(draw(Generator.seeded(5)).toTypedArray()).toEqual(first);
    expect(draw(Generator.seeded(6)).toTypedArray()).not.toEqual(first);
  });

  test("distributions", () => {
    const generator = Generator.seeded(1);
    const uniform = rand([40_000], { generator });
    expect(uniform.min().item()).toBeGreaterThanOrEqual(0);
    expect(uniform.max().item()).toBeLessThan(1);
    // Six standard errors of a mean of 40,000.
    expect(Math.abs(uniform.mean().item() - 0.5)).toBeLessThan((6 * Math.sqrt(1 / 12)) / 200);
    const normal = randn([40_000], { generator });
    expect(Math.abs(normal.mean().item())).toBeLessThan(6 / 200);
    expect(Math.abs(normal.std().item() - 1)).toBeLessThan(6 / 280);
    const integers = new Set(randint(-3, 4, [1000], { generator }).toArray() as number[]);
    expect([...integers].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    const permutation = randperm(100, { generator }).toArray() as number[];
    expect(permutation.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test("misuse", () => {
    expect(() => randint(4, 4, [2])).toThrow(OperatorError);
    expect(() => rand([2], { dtype: "int64" })).toThrow(OperatorError);
    expect(() => rand([2], { generator: 3 as never })).toThrow(ArgumentError);
    expect(() => randperm(-1)).toThrow(OperatorError);
  });
});
