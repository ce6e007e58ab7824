import { expect, it } from "vitest";
import { dividedSettings, firstSetting, numericColumns, type ShownRow } from "../src/results/table.ts";

const row = (settings: Record<string, string | number>, accuracy: number | null): ShownRow =>
  ({ settings, figures: { accuracy: { value: accuracy } } }) as unknown as ShownRow;

const ROWS = [
  row({ method: "simclr", store: "s", task: "expression", labels: "10%", size: 48 }, 0.3),
  row({ method: "ssl-fer", store: "s", task: "expression", labels: "all", size: 48 }, 0.5),
  row({ method: "ssl-fer", store: "s", task: "va", labels: "all", size: 64 }, null),
];

it("what tells rows of one run apart stands beside the name, if it differs", () => {
  expect(dividedSettings(ROWS)).toEqual({
    telling: ["task", "labels"],
    others: ["method", "store", "size"],
  });
  expect(dividedSettings(ROWS.slice(1)).telling).toEqual(["task"]);
});

it("a scatter begins with the first setting that differs between rows which have its figure", () => {
  expect(firstSetting(ROWS, ["size", "method"], "accuracy")).toBe("method");
  expect(firstSetting(ROWS, ["size", "store"], "accuracy")).toBe("size");
  expect(firstSetting(ROWS, [], "accuracy")).toBeUndefined();
});

it("columns of numbers, or of nothing, are numeric", () => {
  expect([...numericColumns(ROWS, ["method", "size", "labels", "accuracy", "absent"])]).toEqual([
    "size",
    "accuracy",
    "absent",
  ]);
});
