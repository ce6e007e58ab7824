// The types of operators are read from their schemas by the compiler; `tsc` checks these.
import { type Generator, operator, ops, type Scalar, type Tensor } from "@duchenne/torch";
import { describe, expectTypeOf, test } from "vitest";

describe("a schema's types", () => {
  test("tensors, numbers, booleans, text", () => {
    const relu = operator("aten::relu(Tensor self) -> Tensor");
    expectTypeOf(relu).parameters.toEqualTypeOf<[Tensor]>();
    expectTypeOf(relu).returns.toEqualTypeOf<Tensor>();
    expectTypeOf<Parameters<typeof ops.einsum>>().toEqualTypeOf<[string, readonly Tensor[]]>();
    expectTypeOf<Parameters<typeof ops.transpose>>().toEqualTypeOf<
      [Tensor, number | bigint, number | bigint]
    >();
    expectTypeOf<Parameters<typeof ops.dropout>>().toEqualTypeOf<[Tensor, number, boolean]>();
  });

  test("an argument with a default may be left out; one with ? may be null", () => {
    expectTypeOf<Parameters<typeof ops.linear>>().toEqualTypeOf<[Tensor, Tensor, (Tensor | null)?]>();
    expectTypeOf<Parameters<typeof ops.clamp>>().toEqualTypeOf<
      [Tensor, (Scalar | null)?, (Scalar | null)?]
    >();
    expectTypeOf<Parameters<typeof ops.variance>[1]>().toEqualTypeOf<
      readonly (number | bigint)[] | number | bigint | null
    >();
    expectTypeOf<Parameters<typeof ops.flatten>>().toEqualTypeOf<
      [Tensor, (number | bigint)?, (number | bigint)?]
    >();
  });

  test("a list of fixed length also takes one value; another list does not", () => {
    expectTypeOf<Parameters<typeof ops.adaptiveAvgPool2d>[1]>().toEqualTypeOf<
      readonly (number | bigint)[] | number | bigint
    >();
    expectTypeOf<Parameters<typeof ops.view>[1]>().toEqualTypeOf<readonly (number | bigint)[]>();
    expectTypeOf<Parameters<typeof ops.index>[1]>().toEqualTypeOf<readonly (Tensor | null)[]>();
  });

  test("keyword-only arguments are one object of optional keys", () => {
    expectTypeOf<Parameters<typeof ops.normal_>>().toEqualTypeOf<
      [Tensor, number?, number?, { generator?: Generator | null }?]
    >();
    expectTypeOf<Parameters<typeof ops.add>[2]>().toEqualTypeOf<{ alpha?: Scalar } | undefined>();
    // @ts-expect-error: no such keyword
    expectTypeOf(ops.add).toBeCallableWith({} as Tensor, 1, { beta: 1 });
  });

  test("arguments after the first may be named, all from one place on", () => {
    const [x, n] = [{} as Tensor, {} as number];
    const typed = () => [
      ops.softmax(x, { dim: 1 }),
      ops.topk(x, 5, { largest: false }).values,
      ops.gather(x, { dim: n, index: x }),
      ops.add(x, { other: 2, alpha: 3 }),
      ops.sum(x, { dim: [0], keepdim: true, dtype: "float64" }),
      ops.max(x, { dim: 1 }).indices,
    ];
    expectTypeOf(typed).returns.toEqualTypeOf<Tensor[]>();
    // @ts-expect-error: one is missing
    const missing = () => ops.gather(x, { dim: n });
    // @ts-expect-error: no such name
    const unknown = () => ops.topk(x, 5, { larges: false });
    // @ts-expect-error: named twice
    const twice = () => ops.softmax(x, 1, { dim: 1 });
    expectTypeOf([missing, twice]).items.returns.toEqualTypeOf<Tensor>();
    expectTypeOf(unknown).toBeFunction();
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
    expectTypeOf<Parameters<typeof ops.add>[1]>().toEqualTypeOf<Tensor | Scalar>();
    expectTypeOf<Parameters<typeof ops.where>>().toEqualTypeOf<[Tensor, Tensor | Scalar, Tensor | Scalar]>();
    expectTypeOf<Parameters<typeof ops.maximum>[1]>().toEqualTypeOf<Tensor>();
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
