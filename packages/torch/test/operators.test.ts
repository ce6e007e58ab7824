import { operatorNames, operatorSchema, parseSchema } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { declared } from "../src/core/operator.ts";
import { schemaDifferences } from "./schemaDifferences.ts";

describe("schemas in use against libtorch's registry", () => {
  test.each([...declared.values()])("$name", (schema) => {
    expect(schemaDifferences(schema, parseSchema(operatorSchema(schema.name)))).toEqual([]);
  });

  test("there are some, and names are listed as they are looked up", () => {
    expect(declared.size).toBeGreaterThan(150);
    const names = new Set(operatorNames());
    expect(names.size).toBeGreaterThan(2000);
    for (const name of declared.keys()) expect(names).toContain(name);
  });
});

const split = "aten::split.Tensor(Tensor(a) self, SymInt split_size, int dim=0) -> Tensor[]";

describe("newer spellings of one schema are the same", () => {
  test.each([
    [split, "aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]"],
    [split, "aten::split.Tensor(Tensor(a -> *) self, int split_size, int dim=0) -> Tensor(a)[]"],
    [
      "aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor",
      "aten::roll(Tensor self, int[1] shifts, int[1] dims=[]) -> Tensor",
    ],
    [
      "aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
      "aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
    ],
    [
      "aten::_foreach_norm.Scalar(Tensor[] self, Scalar ord=2) -> Tensor[]",
      "aten::_foreach_norm.Scalar(Tensor[] self, Scalar ord=2, ScalarType? dtype=None) -> Tensor[]",
    ],
    [
      "aten::_foreach_add_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()",
      "aten::_foreach_add_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()",
    ],
    [
      "aten::add.Scalar(Tensor self, Scalar other, *, Scalar alpha=1) -> Tensor",
      "aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor",
    ],
  ])("%s", (ours, theirs) => {
    expect(schemaDifferences(parseSchema(ours), parseSchema(theirs))).toEqual([]);
  });
});

describe("a wrong schema is noticed", () => {
  const right = "aten::f(Tensor self, int[2] size, float p=0.5, *, bool keep=False) -> (Tensor, int)";
  test.each([
    ["a type", "aten::f(Tensor self, int[2] size, Scalar p=0.5, *, bool keep=False) -> (Tensor, int)"],
    [
      "a list's length",
      "aten::f(Tensor self, int[3] size, float p=0.5, *, bool keep=False) -> (Tensor, int)",
    ],
    ["an optional", "aten::f(Tensor? self, int[2] size, float p=0.5, *, bool keep=False) -> (Tensor, int)"],
    ["a name", "aten::f(Tensor self, int[2] sizes, float p=0.5, *, bool keep=False) -> (Tensor, int)"],
    ["the order", "aten::f(int[2] size, Tensor self, float p=0.5, *, bool keep=False) -> (Tensor, int)"],
    ["a default", "aten::f(Tensor self, int[2] size, float p, *, bool keep=False) -> (Tensor, int)"],
    ["keyword-only", "aten::f(Tensor self, int[2] size, *, float p=0.5, bool keep=False) -> (Tensor, int)"],
    [
      "a result's name",
      "aten::f(Tensor self, int[2] size, float p=0.5, *, bool keep=False) -> (Tensor x, int n)",
    ],
    ["one too few", "aten::f(Tensor self, int[2] size, float p=0.5) -> (Tensor, int)"],
    [
      "one required besides",
      `${right.slice(0, 8)}Tensor self, int[2] size, float p=0.5, *, bool keep=False, int n) -> (Tensor, int)`,
    ],
    ["a return", "aten::f(Tensor self, int[2] size, float p=0.5, *, bool keep=False) -> (Tensor, Tensor)"],
    ["the number of returns", "aten::f(Tensor self, int[2] size, float p=0.5, *, bool keep=False) -> Tensor"],
  ])("%s", (_, registered) => {
    expect(schemaDifferences(parseSchema(right), parseSchema(registered))).not.toEqual([]);
  });

  test("text that is no schema", () => {
    expect(() => parseSchema("aten::f(Tensor self)")).toThrow(/expected name\(arguments\) -> returns/);
  });
});
