import { expect, it } from "vitest";
import { alignedSeries, isLogged, smooth } from "../src/runs/series.ts";

it("smooths without a bias towards zero at the start, and not at all with weight 0", () => {
  expect(smooth([3, 1, 4], 0)).toEqual([3, 1, 4]);
  for (const value of smooth([5, 5, 5, 5], 0.9)) expect(value).toBeCloseTo(5, 12);
  const weight = 0.5;
  const values = [1, 3, 2];
  // By the definition: weights fall by half from the newest to the oldest, and sum to 1.
  const expected = values.map((_, i) => {
    const weights = values.slice(0, i + 1).map((_, j) => weight ** (i - j));
    const total = weights.reduce((sum, w) => sum + w, 0);
    return weights.reduce((sum, w, j) => sum + (w / total) * values[j]!, 0);
  });
  for (const [i, value] of smooth(values, weight).entries()) expect(value).toBeCloseTo(expected[i]!, 12);
});

it("puts runs of different steps on one axis, without making values up", () => {
  const logs = [
    [
      { step: 10, loss: 3 },
      { step: 20, loss: 2 },
    ],
    [
      { step: 15, loss: 5 },
      { step: 20, loss: null },
      { step: 30, loss: 4 },
    ],
  ];
  expect(alignedSeries(logs, "loss", 0).map((row) => Array.from(row))).toEqual([
    [10, 15, 20, 30],
    [3, undefined, 2, undefined],
    [undefined, 5, undefined, 4],
  ]);
  expect([isLogged(logs, "loss"), isLogged(logs, "top1")]).toEqual([true, false]);
});
