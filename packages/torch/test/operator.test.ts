import { ArgumentError, hasOperator, ops, type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

type Loose = (...values: unknown[]) => unknown;

describe("what an operator does not take is refused", () => {
  const x = tensor([1, 2]);
  test.each([
    ["a value too many", () => (ops.neg as Loose)(x, 5)],
    ["a keyword-only argument by position", () => (ops.add as Loose)(x, x, 2)],
    ["an argument behind the options", () => (ops.add as Loose)(x, x, { alpha: 2 }, 3)],
    ["an unknown option", () => (ops.add as Loose)(x, x, { alhpa: 2 })],
    ["a tensor in place of the options", () => (ops.sum as Loose)(x, x)],
  ])("%s", (_, call) => {
    expect(call).toThrow(ArgumentError);
  });

  test("options may be left out, undefined or empty", () => {
    for (const rest of [[], [undefined], [{}], [{ alpha: undefined }]])
      expect((ops.add as Loose)(x, x, ...rest)).toBeAllclose([2, 4]);
    // Not taken for the `dim` of the other overload.
    expect((ops.max as Loose)(x, undefined)).toBeAllclose(2);
    expect((ops.sum as Loose)(x, undefined)).toBeAllclose(3);
    expect((ops.squeeze as Loose)(x, undefined)).toBeAllclose([1, 2]);
  });
});

describe("arguments after the first may be named, all from one place on", () => {
  const x = tensor([
    [3, 1, 2],
    [0, 5, 4],
  ]);
  const index = tensor([[2], [1]], { dtype: "int64" });

  test.each<readonly [string, () => unknown, () => unknown]>([
    ["one with a default", () => ops.cat([x, x], { dim: 1 }), () => ops.cat([x, x], 1)],
    ["one without", () => ops.softmax(x, { dim: 1 }), () => ops.softmax(x, 1)],
    ["several", () => ops.gather(x, { index, dim: 1 }), () => ops.gather(x, 1, index)],
    ["those left", () => ops.topk(x, 1, { largest: false }).values, () => ops.topk(x, 1, -1, false).values],
    ["with keyword-only ones", () => ops.add(x, { alpha: 2, other: x }), () => ops.add(x, x, { alpha: 2 })],
    ["of an overload", () => ops.sum(x, { dim: 1, keepdim: true }), () => ops.sum(x, 1, true)],
    [
      "of another overload",
      () => ops.sum(x, { dtype: "float64" }),
      () => ops.sum(x.to({ dtype: "float64" })),
    ],
    ["of a number or a tensor", () => ops.mul(x, { other: 2 }), () => ops.mul(x, 2)],
    [
      "undefined takes the default",
      () => ops.sort(x, { dim: undefined } as never).values,
      () => ops.sort(x).values,
    ],
    ["of a reduction", () => ops.mseLoss(x, index, { reduction: "sum" }), () => ops.mseLoss(x, index, 2)],
    ["a list", () => ops.permute(x, { dims: [1, 0] }), () => x.t()],
    ["with results by name", () => ops.max(x, { dim: 0 }).values, () => ops.max(x, 0).values],
  ])("%s", (_, named, plain) => {
    expect((named() as Tensor).tolist()).toEqual((plain() as Tensor).tolist());
  });

  test.each<readonly [string, () => unknown, string]>([
    [
      "one that is given already",
      () => (ops.softmax as Loose)(x, 1, { dim: 1 }),
      "expected one of dtype, received dim",
    ],
    [
      "an unknown one",
      () => (ops.topk as Loose)(x, 1, { larges: true }),
      "expected one of dim, largest, sorted",
    ],
    ["too few", () => (ops.gather as Loose)(x, { dim: 1 }), "index: expected Tensor, received nothing"],
    ["of another type", () => (ops.softmax as Loose)(x, { dim: "1" }), 'dim: expected int, received "1"'],
    ["of no overload", () => (ops.sum as Loose)(x, { dims: 1 }), "expected one of dtype, received dims"],
  ])("%s is refused", (_, call, message) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(message);
  });
});

test("each call has its own overload, whatever was called before", () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  const calls: readonly (readonly [unknown[], unknown])[] = [
    [[x], 10],
    [
      [x, 0],
      [4, 6],
    ],
    [[x, [0, 1]], 10],
    [[x, undefined], 10],
    [
      [x, { dim: 1 }],
      [3, 7],
    ],
    [[x, null, false], 10],
    [
      [x, 1, true, { dtype: "float64" }],
      [[3], [7]],
    ],
  ];
  for (const [values, expected] of [...calls, ...calls.toReversed()])
    expect(((ops.sum as Loose)(...values) as Tensor).tolist()).toEqual(expected);
  for (const other of [x, 2, x, { other: 2 }, { other: x }, 2n])
    expect(((ops.mul as Loose)(x, other) as Tensor).tolist()).toEqual(
      other === x || (other as { other: unknown }).other === x
        ? [
            [1, 4],
            [9, 16],
          ]
        : [
            [2, 4],
            [6, 8],
          ],
    );
});

test("hasOperator knows what is registered", () => {
  expect(hasOperator("aten::logit")).toBe(true);
  expect(hasOperator("aten::add.Tensor")).toBe(true);
  expect(hasOperator("aten::add.Tensors")).toBe(false);
  expect(hasOperator("nothing")).toBe(false);
});
