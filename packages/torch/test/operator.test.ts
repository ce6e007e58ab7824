import { ArgumentError, hasOperator, ops, tensor } from "@duchenne/torch";
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
  });
});

test("hasOperator knows what is registered", () => {
  expect(hasOperator("aten::logit")).toBe(true);
  expect(hasOperator("aten::add.Tensor")).toBe(true);
  expect(hasOperator("aten::add.Tensors")).toBe(false);
  expect(hasOperator("nothing")).toBe(false);
});
