import { expect, it } from "vitest";
import { rangeOf, ticksOf } from "../src/results/axis.ts";

const names = (low: number, high: number) => ticksOf(low, high).map(({ name }) => name);

it("numbers on an axis are told apart, however close they are", () => {
  expect(names(...rangeOf([0.8412, 0.8418]))).toEqual([
    "0.8412",
    "0.8413",
    "0.8414",
    "0.8415",
    "0.8416",
    "0.8417",
    "0.8418",
  ]);
  expect(names(...rangeOf([0.1, 0.9]))).toEqual(["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  expect(names(...rangeOf([1000, 1004]))).toEqual(["1,000", "1,001", "1,002", "1,003", "1,004"]);
  for (const step of [1e-7, 1e-3, 1, 1e6])
    for (const low of [-3, 0, 8412].map((times) => times * step)) {
      const shown = names(...rangeOf([low, low + 5 * step]));
      expect(new Set(shown).size).toBe(shown.length);
      expect(shown.length).toBeGreaterThan(2);
    }
});

it("one value alone has room on both sides", () => {
  expect(rangeOf([0.5])).toEqual([0.44, 0.56]);
  expect(rangeOf([0])).toEqual([-1, 1]);
});
