import { describe, expect, it } from "vitest";
import {
  fewLabelPlots,
  type NamedResult,
  resultTables,
  tablesBesidePaper,
} from "../../../src/report/page/collect/tables.ts";
import { madeUpResult, madeUpResult as result } from "./madeUpResult.ts";

describe("tables", () => {
  it("put the tasks of a set, mode and budget side by side, and beside all labels of AffectNet the paper's figures", () => {
    const result: typeof madeUpResult = (task, figures) => madeUpResult(task, figures, "a", "affectnet");
    const reference = { macroF1: 0.575, valenceCcc: 0.594 };
    const results: NamedResult[] = [
      {
        name: "SimCLR",
        result: result("expression", {
          "100": { macroF1: [0.4, 0.3, 0.5] },
          all: { macroF1: [0.6, 0.5, 0.7] },
        }),
        reference,
      },
      { name: "SimCLR", result: result("va", { all: { valenceCcc: [0.5, 0.4, 0.6] } }), reference },
      { name: "untrained", result: result("expression", { all: { macroF1: [0.2, 0.1, 0.3] } }) },
    ];
    const tables = resultTables(results);
    expect(tables.map(({ title }) => title)).toEqual([
      "faces, frozen, 100 labels",
      "faces, frozen, all labels",
    ]);
    expect(tables[0]!.rows).toEqual([
      { name: "SimCLR", cells: [{ value: 0.4, low: 0.3, high: 0.5 }].map(near) },
      { name: "untrained", cells: [null] },
    ]);
    expect(tables[1]!.columns.map(({ name }) => name)).toEqual(["F1", "V-CCC"]);
    expect(tables[1]!.rows).toEqual([
      {
        name: "SimCLR",
        cells: [
          near({ value: 0.6, low: 0.5, high: 0.7, reference: 0.575 }),
          near({ value: 0.5, low: 0.4, high: 0.6, reference: 0.594 }),
        ],
      },
      { name: "untrained", cells: [near({ value: 0.2, low: 0.1, high: 0.3 }), null] },
    ]);
    expect(tables[1]!.note).toMatch(/3 seeds.*Shu et al. 2022/);
    expect(tables[0]!.note).not.toMatch(/Shu/);
    expect(tablesBesidePaper(results)).toEqual(tables);
  });

  it("of other faces stand beside the paper's table, with the rows and figures it has", () => {
    const all = { all: { macroF1: [0.6, 0.5, 0.7] } } as const;
    const results: NamedResult[] = [
      { name: "untrained", result: result("expression", all) },
      { name: "SimCLR", result: result("expression", all), reference: { macroF1: 0.575, valenceCcc: 0.594 } },
    ];
    const tables = tablesBesidePaper(results);
    expect(tables.slice(0, -1)).toEqual(resultTables(results));
    expect(tables[0]!.rows[1]!.cells[0]).not.toHaveProperty("reference");
    expect(tables.at(-1)).toMatchObject({
      title: "As published: AffectNet",
      columns: [{ name: "F1" }, { name: "V-CCC" }],
      rows: [{ name: "SimCLR", cells: [{ value: 0.575 }, { value: 0.594 }] }],
    });
    expect(tablesBesidePaper(results.slice(0, 1))).toHaveLength(1);
  });

  it("have intervals within what a figure can be", () => {
    const [table] = resultTables([
      { name: "a", result: result("expression", { all: { macroF1: [0.9, 0.8, 1] } }, "1") },
      { name: "a", result: result("expression", { all: { macroF1: [1, 0.9, 1] } }, "2") },
    ]);
    expect(table!.rows[0]!.cells[0]!.high).toBe(1);
  });

  it("average pre-trainings, whose spread widens the interval", () => {
    const results = [0.5, 0.6, 0.7].map((mean, i) => ({
      name: "SSL-FER (full)",
      result: result("expression", { all: { macroF1: [mean, mean - 0.03, mean + 0.04] } }, `digest ${i}`),
    }));
    const [table] = resultTables(results);
    const standardError = 0.1 / Math.sqrt(3);
    const [low, high] = [0.03, 0.04].map((half) => Math.hypot(half, 1.96 * standardError));
    expect(table!.rows).toEqual([
      { name: "SSL-FER (full)", cells: [near({ value: 0.6, low: 0.6 - low!, high: 0.6 + high! })] },
    ]);
    expect(table!.note).toMatch(/3 pre-trainings/);
  });

  it("draw a figure against the labels used, fewest first, where there are two budgets or more", () => {
    const many = result("expression", {
      all: { macroF1: [0.6, 0.5, 0.7] },
      "100": { macroF1: [0.4, 0.3, 0.5] },
    });
    const one = result("expression", { all: { macroF1: [0.2, 0.1, 0.3] } });
    const [plot, ...more] = fewLabelPlots([
      { name: "many", result: many },
      { name: "one", result: one },
    ]);
    expect(more).toEqual([]);
    expect(plot!.series.map(({ name, points }) => [name, points.map(({ labels }) => labels)])).toEqual([
      ["many", [100, 1000]],
    ]);
  });
});

const near = (cell: Record<string, number>) =>
  Object.fromEntries(Object.entries(cell).map(([key, value]) => [key, expect.closeTo(value, 10)]));
