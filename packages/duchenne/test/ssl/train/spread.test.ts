import { Generator, ops, randn, scope, tensor } from "@duchenne/torch";
import { describe, expect, it } from "vitest";
import { effectiveRank, embeddingSpread } from "../../../src/ssl/train/spread.ts";

const figure = (of: () => { item(): number }): number => scope(() => of().item());

/** The definition in plain loops: [n][dim]. */
function plainSpread(rows: number[][]): number {
  const unit = rows.map((row) => row.map((value) => value / Math.hypot(...row)));
  const dim = unit[0]!.length;
  const deviations = Array.from({ length: dim }, (_, d) => {
    const column = unit.map((row) => row[d]!);
    const mean = column.reduce((a, b) => a + b) / column.length;
    return Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (column.length - 1));
  });
  return (deviations.reduce((a, b) => a + b) / dim) * Math.sqrt(dim);
}

describe("embeddingSpread", () => {
  it("is the standard deviation of unit rows times √dim", () => {
    const rows = [
      [1, 2, -1],
      [0.5, -3, 2],
      [4, 1, 1],
      [-1, -1, 0.2],
    ];
    expect(figure(() => embeddingSpread(tensor(rows)))).toBeCloseTo(plainSpread(rows), 5);
  });

  it("is about 1 on the whole sphere and 0 where all embeddings are one", () => {
    const generator = Generator.seeded(1);
    expect(figure(() => embeddingSpread(randn([2000, 16], { generator })))).toBeCloseTo(1, 1);
    expect(figure(() => embeddingSpread(ops.ones([8, 4])))).toBe(0);
  });
});

describe("effectiveRank", () => {
  it("is exp of the entropy of the singular values' shares", () => {
    const shares = [0.5, 0.3, 0.2];
    const entropy = -shares.reduce((sum, p) => sum + p * Math.log(p), 0);
    const diagonal = shares.map((share, i) => shares.map((_, j) => (i === j ? share : 0)));
    expect(figure(() => effectiveRank(tensor([...diagonal, [0, 0, 0]])))).toBeCloseTo(Math.exp(entropy), 5);
  });

  it("is the number of dimensions at most, and 1 where all embeddings are one", () => {
    expect(figure(() => effectiveRank(ops.eye(6)))).toBeCloseTo(6, 4);
    expect(figure(() => effectiveRank(ops.ones([8, 4])))).toBeCloseTo(1, 4);
  });
});
