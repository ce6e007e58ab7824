import { expect, it } from "vitest";
import { figure, tickTexts } from "../src/format.ts";

it("writes figures with three digits, and an exponent only where that is shorter", () => {
  expect([0, 12_345.6, 1000, 126.04, 0.4491, 1.6e-4].map((value) => figure(value))).toEqual([
    ...["0", "12,346", "1,000", "126", "0.449", "1.6e-4"],
  ]);
});

it("gives places on an axis as many digits as tell them apart", () => {
  expect(tickTexts([0, 0.5, 1])).toEqual(["0", "0.5", "1"]);
  expect(tickTexts([10.2, 10.25, 10.3, 10.35])).toEqual(["10.2", "10.25", "10.3", "10.35"]);
  expect(tickTexts([1000, 1000.5, 1001])).toEqual(["1,000", "1,000.5", "1,001"]);
  expect(tickTexts([1e-4, 1.05e-4])).toEqual(["1.00e-4", "1.05e-4"]);
  expect(tickTexts([10.25, 10.35])).toEqual(["10.25", "10.35"]);
  expect(tickTexts([8])).toEqual(["8"]);
  expect(tickTexts([0.1, null, 10])).toEqual(["0.1", "", "10"]);
});
