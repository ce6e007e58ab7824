import { expect, it } from "vitest";
import { resultTables } from "../../../src/report/page/collect/tables.ts";
import { highlightsOf } from "../../../src/report/reproduce/highlights.ts";
import { type MadeUpFigure, madeUpResult } from "../page/madeUpResult.ts";

const figure = (mean: number): MadeUpFigure => [mean, mean, mean];

const rows = (names: readonly string[]) =>
  names.flatMap((name, i) => [
    { name, result: madeUpResult("expression", { "100": { macroF1: figure(0.4 + i / 10) } }) },
    { name, result: madeUpResult("identity", { all: { identification: figure(0.8 - i / 5) } }) },
  ]);

it("sets the last pre-trained row beside SimCLR: expression first, then how much less of identity", () => {
  expect(highlightsOf(resultTables(rows(["SimCLR", "TimeAug", "SSL-FER (full)"])))).toEqual([
    {
      label: "macro F1: faces, frozen, 100 labels",
      value: "60.0 %",
      detail: "SSL-FER (full); SimCLR 40.0 %",
    },
    {
      label: "people recognised: faces, frozen, all labels",
      value: "0.50 ×",
      detail: "SSL-FER (full) 40.0 %, SimCLR 80.0 %",
    },
  ]);
});

it("takes no row that learned nothing for the one to show, wherever it stands", () => {
  const [first] = highlightsOf(resultTables(rows(["SSL-FER", "SimCLR", "untrained"])));
  expect(first!.detail).toBe("SSL-FER; SimCLR 50.0 %");
  expect(highlightsOf(resultTables(rows(["SimCLR", "untrained"])))).toEqual([]);
});

it("says nothing without a baseline, or without anything beside it", () => {
  expect(highlightsOf(resultTables(rows(["TimeAug", "SSL-FER (full)"])))).toEqual([]);
  expect(highlightsOf(resultTables(rows(["SimCLR"])))).toEqual([]);
  const baselines = ["untrained", "ImageNet", "BYOL", "MoCo-v2", "SimCLR"];
  expect(highlightsOf(resultTables(rows(baselines)))).toEqual([]);
  expect(highlightsOf(resultTables(rows(baselines.toReversed())))).toEqual([]);
});
