import {
  ArgumentError,
  arange,
  type Index,
  OperatorError,
  ops,
  type Tensor,
  TorchError,
  tensor,
  zeros,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";

type Values = number | Values[];
/** Indices without tensors: what the plain reference below understands. */
type Basic = number | null | "..." | readonly (number | null)[];

const shape = [3, 4, 5];
const cube = () => arange(0, 60).view(...shape);
const list = (x: Values) => x as Values[];

/** Python's rule for the bounds of a slice, as its language reference has it. */
function bounds(length: number, [start = null, end = null, step = 1]: readonly (number | null)[]): number[] {
  const place = (value: number) => Math.min(Math.max(value < 0 ? value + length : value, 0), length);
  const picked: number[] = [];
  for (let i = place(start ?? 0); i < place(end ?? length); i += step ?? 1) picked.push(i);
  return picked;
}

function reference(values: Values, indices: readonly Basic[], depthLeft: number): Values {
  const [index, ...rest] = indices;
  if (index === undefined) return values;
  if (index === null) return [reference(values, rest, depthLeft)];
  if (index === "...") {
    const named = rest.filter((other) => other !== null).length;
    if (depthLeft <= named) return reference(values, rest, depthLeft);
    return list(values).map((item) => reference(item, indices, depthLeft - 1));
  }
  if (typeof index === "number") return reference(list(values).at(index)!, rest, depthLeft - 1);
  return bounds(list(values).length, index).map((i) => reference(list(values)[i]!, rest, depthLeft - 1));
}

const basics: readonly (readonly Basic[])[] = [
  [],
  [0],
  [-1],
  [2, 3, 4],
  [-3, -4, -5],
  [[]],
  [[1]],
  [[1, 2]],
  [[null, 2]],
  [[-2, null]],
  [[0, 100]],
  [[2, 1]],
  [[5, 9]],
  [[0, 3, 2]],
  [[null, null, 2]],
  [[], [1, null, 2]],
  [1, [1, 3]],
  [[0, 2], 1],
  [[], 1, [-3, -1]],
  ["..."],
  ["...", 0],
  ["...", [1, 3]],
  [0, "..."],
  [0, "...", -1],
  [[1], "...", [0, 4, 3]],
  [null],
  [null, 0],
  ["...", null],
  [0, null, [1, 2]],
  [null, "...", null],
  [[], null, 2],
  [1, 2, "...", 3],
  [null, [1, 2], null, "...", 0],
];

describe("at", () => {
  test.each(basics.map((indices) => [JSON.stringify(indices), indices] as const))("%s", (_, indices) => {
    expect(
      cube()
        .at(...(indices as Index[]))
        .toArray(),
    ).toEqual(reference(cube().toArray() as Values, indices, 3));
  });

  test("gives views, also of everything and of 0 dimensions", () => {
    const x = zeros([2, 2]);
    for (const view of [x.at(0, 0), x.at([1]), x.at(), x.at("..."), x.at(null)]) view.add_(1);
    expect(x.toArray()).toEqual(
      [
        [4, 3],
        [4, 4],
      ].map((row, i) => row.map((_, j) => 3 + Number(i === 0 && j === 0) + Number(i === 1))),
    );
    expect(tensor(5).at().item()).toBe(5);
    expect(tensor(5).at("...").shape).toEqual([]);
    expect(tensor(5).at(null).toArray()).toEqual([5]);
  });

  const pick = (...values: number[]) => tensor(values, { dtype: "int64" });
  const x = cube().toArray() as number[][][];

  test.each<readonly [string, () => Index[], () => unknown]>([
    ["rows", () => [pick(2, 0)], () => [x[2], x[0]]],
    ["negative", () => [pick(-1)], () => [x[2]]],
    ["pairs", () => [pick(0, 2), pick(1, 3)], () => [x[0]![1], x[2]![3]]],
    ["triples", () => [pick(0, 2), pick(1, 3), pick(4, 4)], () => [x[0]![1]![4], x[2]![3]![4]]],
    [
      "broadcast",
      () => [pick(0, 2).view(2, 1), pick(1, 3)],
      () => [
        [x[0]![1], x[0]![3]],
        [x[2]![1], x[2]![3]],
      ],
    ],
    ["after a slice", () => [[0, 2], pick(1, 3)], () => [0, 1].map((i) => [x[i]![1], x[i]![3]])],
    ["after a number", () => [1, pick(1, 3)], () => [x[1]![1], x[1]![3]]],
    ["after an ellipsis", () => ["...", pick(4)], () => x.map((a) => a.map((b) => [b[4]]))],
    ["before a slice", () => [pick(1), [], [0, 2]], () => [x[1]!.map((b) => b.slice(0, 2))]],
    ["before a number", () => [pick(1, 2), 3], () => [x[1]![3], x[2]![3]]],
    ["32-bit", () => [pick(1).to({ dtype: "int64" })], () => [x[1]]],
    ["nothing", () => [pick()], () => []],
  ])("index tensors: %s", (_, indices, expected) => {
    expect(
      cube()
        .at(...indices())
        .toArray(),
    ).toEqual(expected());
  });

  const rowMask = tensor([true, false, true]);
  const mask2 = () => ops.eq(ops.remainder(arange(0, 12).view(3, 4), 5), 1);
  const pairs = [
    [0, 1],
    [1, 2],
    [2, 3],
  ] as const;

  test.each<readonly [string, () => Index[], () => unknown]>([
    ["of one dimension", () => [rowMask], () => [x[0], x[2]]],
    ["of two", () => [mask2()], () => pairs.map(([i, j]) => x[i]![j])],
    ["of two, then a slice", () => [mask2(), [1, 3]], () => pairs.map(([i, j]) => x[i]![j]!.slice(1, 3))],
    ["of two, then a number", () => [mask2(), 4], () => pairs.map(([i, j]) => x[i]![j]![4])],
    ["of two, then an ellipsis", () => [mask2(), "..."], () => pairs.map(([i, j]) => x[i]![j])],
    ["of all", () => [cube().gt(57)], () => [58, 59]],
    [
      "after a slice",
      () => [[1, 3], tensor([false, true, false, true])],
      () => [1, 2].map((i) => [x[i]![1], x[i]![3]]),
    ],
  ])("masks: %s", (_, indices, expected) => {
    expect(
      cube()
        .at(...indices())
        .toArray(),
    ).toEqual(expected());
  });

  test("index tensors copy", () => {
    const base = zeros([3]);
    base.at(pick(0, 1)).fill_(1);
    expect(base.toArray()).toEqual([0, 0, 0]);
  });

  test("has gradients", () => {
    const leaf = zeros([3, 2]).requiresGrad_();
    leaf
      .at(pick(0, 0, 2), 1)
      .sum()
      .backward();
    expect(leaf.grad!.toArray()).toEqual([
      [0, 2],
      [0, 0],
      [0, 1],
    ]);
  });
});

describe("setAt writes where at reads", () => {
  test.each(basics.map((indices) => [JSON.stringify(indices), indices] as const))("%s", (_, indices) => {
    const places = new Set(
      [
        cube()
          .at(...(indices as Index[]))
          .toArray(),
      ].flat(9),
    );
    const written = cube()
      .setAt(indices as Index[], -1)
      .flatten()
      .toArray() as number[];
    expect(written).toEqual(Array.from({ length: 60 }, (_, i) => (places.has(i) ? -1 : i)));
  });

  test("tensors, broadcast, through indices and masks", () => {
    const x = zeros([2, 3]);
    expect(x.setAt([0], tensor([1, 2, 3]))).toBe(x);
    x.setAt([1, [1, null]], tensor([7]));
    expect(x.toArray()).toEqual([
      [1, 2, 3],
      [0, 7, 7],
    ]);
    x.setAt([tensor([1, 0], { dtype: "int64" }), 0], tensor([5, 6]));
    expect(x.toArray()).toEqual([
      [6, 2, 3],
      [5, 7, 7],
    ]);
    x.setAt([x.gt(5)], 0);
    expect(x.toArray()).toEqual([
      [0, 2, 3],
      [5, 0, 0],
    ]);
    x.setAt(
      [
        tensor([
          [true, false, false],
          [false, false, true],
        ]),
      ],
      tensor([8, 9]),
    );
    expect(x.toArray()).toEqual([
      [8, 2, 3],
      [5, 0, 9],
    ]);
  });
});

describe("misuse", () => {
  const x = () => zeros([2, 3]);
  test.each<readonly [string, () => unknown]>([
    ["too many indices", () => x().at(0, 0, 0)],
    ["two ellipses", () => x().at("...", "...")],
    ["a fraction", () => x().at(0.5)],
    ["NaN", () => x().at(Number.NaN)],
    ["a boolean", () => x().at(true as never)],
    ["a string", () => x().at("abc" as never)],
    ["four bounds", () => x().at([0, 1, 1, 1])],
    ["a fraction in a slice", () => x().at([0.5])],
  ])("%s is an ArgumentError", (_, use) => expect(use).toThrow(ArgumentError));

  test.each<readonly [string, () => unknown]>([
    ["out of range", () => x().at(2)],
    ["out of range below", () => x().at(-3)],
    ["an index tensor out of range", () => x().at(tensor([5], { dtype: "int64" }))],
    ["a negative step", () => x().at([null, null, -1])],
    ["a step of 0", () => x().at([null, null, 0])],
    ["a float index", () => x().at(tensor([0.5]))],
    ["a mask of another shape", () => x().at(tensor([true, false, true]))],
    ["values that do not fit", () => x().setAt([0], tensor([1, 2]))],
    ["of 0 dimensions", () => tensor(5).at(0)],
  ])("%s is a TorchError", (_, use) => expect(use).toThrow(TorchError));

  test("the failed reads and writes leave nothing behind", () => {
    const y = x();
    expect(() => y.setAt([0], tensor([1, 2]))).toThrow(OperatorError);
    expect((y as Tensor).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});
