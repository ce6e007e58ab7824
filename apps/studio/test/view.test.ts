import { expect, it } from "vitest";
import { colourBy } from "../src/map/colouring.ts";
import { facesInside, moved, seenIn, WHOLE, zoomed } from "../src/map/view.ts";
import { filtered, type ShownRow, sorted } from "../src/results/table.ts";
import { runColour } from "../src/runs/colours.ts";
import { isOneValue, nearestLine } from "../src/runs/series.ts";

const placed = { xs: Float32Array.from([10, 50, 90]), ys: Float32Array.from([10, 50, 90]) };

it("zooms about a point, which stays where it is, and not further out than the whole map", () => {
  const view = zoomed(WHOLE, 4, 50, 50);
  expect([...seenIn(placed, view).xs]).toEqual([-110, 50, 210]);
  expect([...seenIn(placed, moved(view, 5, 0)).xs]).toEqual([-105, 55, 215]);
  expect(zoomed(view, 0.01, 3, 4)).toBe(WHOLE);
});

it("finds the faces inside a line, also where it is dented", () => {
  const dented = [
    [0, 0],
    [100, 0],
    [100, 100],
    [60, 100],
    [60, 40],
    [40, 40],
    [40, 100],
    [0, 100],
  ] as const;
  expect(facesInside(placed, dented)).toEqual([0, 2]);
});

it("puts zero in the middle of valence's scale", () => {
  const face = (valence: number) => ({ valence }) as Parameters<typeof colourBy>[0][number];
  const { legend } = colourBy([face(-0.2), face(0.8)], "valence", (token) => token);
  expect(legend).toEqual({ kind: "range", low: -0.8, high: 0.8 });
});

it("gives a run's colour by its id alone", () => {
  expect(runColour("WdmHxDq3MvUNX5nJ")).toBe(runColour("WdmHxDq3MvUNX5nJ"));
  const ids = Array.from({ length: 100 }, (_, i) => `run${i}`);
  expect(new Set(ids.map(runColour)).size).toBeGreaterThan(15);
});

it("takes the nearest line of a run, and none past its ends", () => {
  const xs = [0, 10, 20, 30, 40];
  const row = [null, 1, undefined, 2, undefined];
  expect([0, 1, 2, 3, 4].map((i) => nearestLine(xs, row, i))).toEqual([undefined, 1, 1, 3, undefined]);
});

it("knows the run that has logged once, whose line would not be seen", () => {
  expect([[], [null, 3, undefined], [1, 2]].map(isOneValue)).toEqual([false, true, false]);
});

it("sorts numbers as numbers, rows without a value last, and finds rows by name and setting", () => {
  const row = (name: string, labels: string, value: number | null) =>
    ({
      name,
      file: `${name}.json`,
      settings: { labels },
      figures: { macroF1: { value, low: null, high: null } },
    }) as unknown as ShownRow;
  const rows = [row("a", "100", 0.2), row("b", "20", null), row("c", "all", 0.9)];
  const names = (some: readonly ShownRow[]) => some.map(({ name }) => name).join("");
  expect(names(sorted(rows, "macroF1", true))).toBe("acb");
  expect(names(sorted(rows, "macroF1", false))).toBe("cab");
  expect(names(sorted(rows, "labels", true))).toBe("bac");
  expect(names(filtered(rows, "labels=20"))).toBe("b");
  expect(names(filtered(rows, ".json C"))).toBe("c");
});
