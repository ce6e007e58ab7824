import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { concordance, rootMeanSquareError } from "../../../src/evaluate/metrics/regression.ts";
import { goldenPath } from "../../golden.ts";

interface Case {
  prediction: { data: number[] };
  target: { data: number[] };
  cccPopulation: number;
  rmse: number;
}

const { cases } = JSON.parse(readFileSync(goldenPath("ccc.json"), "utf8")) as { cases: Case[] };

it.each(cases.map((item, i) => [i, item] as const))("case %i of the authors' score", (_, item) => {
  const [prediction, target] = [item.prediction.data, item.target.data];
  expect(concordance(prediction, target)).toBeAllclose(item.cccPopulation);
  expect(rootMeanSquareError(prediction, target)).toBeAllclose(item.rmse);
});

it("is 1 for the same series, lower for a shifted one, -1 for its mirror image about the mean", () => {
  const series = [-0.5, 0.1, 0.4];
  expect(concordance(series, series)).toBeCloseTo(1, 12);
  expect(
    concordance(
      series.map((v) => v + 0.5),
      series,
    ),
  ).toBeLessThan(0.8);
  expect(
    concordance(
      series.map((v) => -v),
      series,
    ),
  ).toBeCloseTo(-1, 12);
  expect(
    rootMeanSquareError(
      series.map((v) => v + 0.5),
      series,
    ),
  ).toBeCloseTo(0.5, 12);
});

it("refuses series of other lengths, and none", () => {
  expect(() => concordance([1], [1, 2])).toThrow("received 1 and 2");
  expect(() => rootMeanSquareError([], [])).toThrow("received 0 and 0");
});
