import { ops, sharedTensor, type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/random.ts";
import { banded, resampleAcross, resampleDown } from "../../src/views/banded.ts";

const rng = Random.fromSeed(4);
const random = (...shape: number[]): Tensor =>
  sharedTensor(
    new Float32Array(shape.reduce((a, b) => a * b)).map(() => rng.uniform(-1, 1)),
    shape,
  );

/** Rows of zeros but for `width` columns about the diagonal. */
function matrix(rows: number, columns: number, width: number): Float32Array {
  return new Float32Array(rows * columns).map((_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return Math.abs(column - (row * columns) / rows) <= width ? rng.uniform(-1, 1) : 0;
  });
}

describe.each([
  [11, 30, 4],
  [3, 9, 2], // fewer rows than bands
  [20, 7, 1], // enlarging
  [6, 5, 9], // no zeros
])("matrices of %i rows, %i columns, half width %i", (rows, columns, width) => {
  const matrices = [matrix(rows, columns, width), matrix(rows, columns, width)];
  const one = banded(matrices.slice(0, 1), rows, "cpu");
  const dense = matrices.map((values) => sharedTensor(values, [rows, columns]));

  test("down the columns, one for all, and each image its own", () => {
    const lines = random(3, columns, 4);
    expect(resampleDown(one, lines)).toBeAllclose(dense[0]!.matmul(lines), 1e-5);
    const choice = tensor([1, 0, 1], { dtype: "int64" });
    const own = ops.stack([1, 0, 1].map((i, image) => dense[i]!.matmul(lines.at(image))));
    expect(resampleDown(banded(matrices, rows, "cpu"), lines, choice)).toBeAllclose(own, 1e-5);
  });

  test("along the rows", () => {
    const lines = random(2, 4, columns);
    expect(resampleAcross(one, lines)).toBeAllclose(lines.matmul(dense[0]!.t()), 1e-5);
  });
});

test("a row of zeros gives zeros", () => {
  const plan = banded([new Float32Array(4 * 3)], 4, "cpu");
  expect(resampleDown(plan, random(1, 3, 2)).toArray()).toEqual([new Array(4).fill([0, 0])]);
});
