import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { accuracy, confusionMatrix, macroF1, recalls } from "../../../src/evaluate/metrics/classification.ts";
import { goldenPath } from "../../golden.ts";

interface Case {
  classes: number;
  labels: number[];
  predictions: number[];
  accuracy: number;
  macroF1: number;
  confusion: number[][];
}

const { cases } = JSON.parse(readFileSync(goldenPath("classification_metrics.json"), "utf8")) as {
  cases: Case[];
};

it.each(cases.map((item, i) => [i, item] as const))("case %i as scikit-learn has it", (_, item) => {
  const confusion = confusionMatrix(item.labels, item.predictions, item.classes);
  expect(confusion).toEqual(item.confusion);
  expect(accuracy(confusion)).toBeAllclose(item.accuracy);
  expect(macroF1(confusion)).toBeAllclose(item.macroF1);
});

it("recall is the share of each class's own images, NaN for a class without any", () => {
  expect(recalls(confusionMatrix([0, 0, 1, 0], [0, 1, 1, 0], 3))).toEqual([2 / 3, 1, Number.NaN]);
});

it("a class that nobody has or predicts leaves macro F1 alone; a predicted one counts 0", () => {
  expect(macroF1(confusionMatrix([0, 1], [0, 1], 5))).toBe(1);
  expect(macroF1(confusionMatrix([0, 0], [0, 2], 3))).toBeCloseTo((2 / 3 + 0) / 2, 12);
});

it("refuses numbers that are no class, and series of other lengths", () => {
  expect(() => confusionMatrix([0, 3], [0, 1], 3)).toThrow("expected classes below 3, received 3 and 1 at 1");
  expect(() => confusionMatrix([0], [0, 1], 3)).toThrow("expected 1 predictions, received 2");
});
