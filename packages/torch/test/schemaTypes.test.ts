// The types of operators are read from their schemas by the compiler; `tsc` checks these.
import { type Generator, operator, ops, type Scalar, type Tensor } from "@duchenne/torch";
import { describe, expectTypeOf, test } from "vitest";

describe("a schema's types", () => {
  test("tensors, numbers, booleans, text", () => {
    const relu = operator("aten::relu(Tensor self) -> Tensor");
    expectTypeOf(relu).parameters.toEqualTypeOf<[Tensor]>();
    expectTypeOf(relu).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(ops.einsum).parameters.toEqualTypeOf<[string, readonly Tensor[]]>();
    expectTypeOf(ops.transpose).parameters.toEqualTypeOf<[Tensor, number | bigint, number | bigint]>();
    expectTypeOf(ops.dropout).parameters.toEqualTypeOf<[Tensor, number, boolean]>();
  });

  test("an argument with a default may be left out; one with ? may be null", () => {
    expectTypeOf(ops.linear).parameters.toEqualTypeOf<[Tensor, Tensor, (Tensor | null)?]>();
    expectTypeOf(ops.clamp).parameters.toEqualTypeOf<[Tensor, (Scalar | null)?, (Scalar | null)?]>();
    expectTypeOf(ops.variance)
      .parameter(1)
      .toEqualTypeOf<readonly (number | bigint)[] | number | bigint | null>();
    expectTypeOf(ops.flatten).parameters.toEqualTypeOf<[Tensor, (number | bigint)?, (number | bigint)?]>();
  });

  test("a list of fixed length also takes one value; another list does not", () => {
    expectTypeOf(ops.adaptiveAvgPool2d)
      .parameter(1)
      .toEqualTypeOf<readonly (number | bigint)[] | number | bigint>();
    expectTypeOf(ops.view).parameter(1).toEqualTypeOf<readonly (number | bigint)[]>();
    expectTypeOf(ops.index).parameter(1).toEqualTypeOf<readonly (Tensor | null)[]>();
  });

  test("keyword-only arguments are one object of optional keys", () => {
    expectTypeOf(ops.normal_).parameters.toEqualTypeOf<
      [Tensor, number?, number?, { generator?: Generator | null }?]
    >();
    expectTypeOf(ops.add).parameter(2).toEqualTypeOf<{ alpha?: Scalar } | undefined>();
    // @ts-expect-error: no such keyword
    expectTypeOf(ops.add).toBeCallableWith({} as Tensor, 1, { beta: 1 });
  });
});

describe("results", () => {
  test("of no, one and several values", () => {
    expectTypeOf(ops.setData).returns.toEqualTypeOf<undefined>();
    expectTypeOf(ops.equal).returns.toEqualTypeOf<boolean>();
    expectTypeOf(ops.split).returns.toEqualTypeOf<Tensor[]>();
    const counts = operator("aten::f(Tensor self) -> (Tensor, int)");
    expectTypeOf(counts).returns.toEqualTypeOf<[Tensor, number]>();
  });

  test("with names are an object", () => {
    expectTypeOf(ops.topk).returns.toEqualTypeOf<{ values: Tensor; indices: Tensor }>();
    expectTypeOf(ops.sort).returns.toEqualTypeOf<{ values: Tensor; indices: Tensor }>();
  });

  test("in place are the argument", () => {
    expectTypeOf(ops.add_).returns.toEqualTypeOf<Tensor>();
  });
});

describe("overloads", () => {
  test("alternatives in one place are a union", () => {
    expectTypeOf(ops.add).parameter(1).toEqualTypeOf<Tensor | Scalar>();
    expectTypeOf(ops.where).parameters.toEqualTypeOf<[Tensor, Tensor | Scalar, Tensor | Scalar]>();
    expectTypeOf(ops.maximum).parameter(1).toEqualTypeOf<Tensor>();
  });

  test("of other numbers of arguments have their own results", () => {
    const x = {} as Tensor;
    const all = () => ops.max(x);
    const along = () => ops.max(x, 1, true);
    expectTypeOf(all).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(along).returns.toEqualTypeOf<{ values: Tensor; indices: Tensor }>();
    // @ts-expect-error: a dimension is a number
    expectTypeOf(ops.sum).toBeCallableWith(x, "1");
  });

  test("what is no schema is no function", () => {
    expectTypeOf(operator<["relu"]>).returns.toBeNever();
  });
});
