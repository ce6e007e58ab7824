import { expect, it } from "vitest";
import { drawLabels, parseBudget } from "../../../src/evaluate/schema/labelBudget.ts";
import { Random } from "../../../src/lib/random.ts";

const CLASSES = [
  ...Array(700).fill(0),
  ...Array(250).fill(1),
  ...Array(47).fill(2),
  ...Array(3).fill(3),
] as number[];
const rng = (seed = 1) => Random.fromSeed(seed).fork("labels");
const perClass = (drawn: readonly number[]) =>
  [0, 1, 2, 3].map((c) => drawn.filter((i) => CLASSES[i] === c).length);

it.each([
  ["1%", { share: 0.01 }],
  ["12.5%", { share: 0.125 }],
  ["all", { share: 1 }],
  ["100", { count: 100 }],
])("reads %s", (text, budget) => expect(parseBudget(text)).toEqual(budget));

it.each(["0", "0%", "101%", "-5", "1.5", "many", ""])("refuses %o", (text) =>
  expect(parseBudget(text)).toBeUndefined(),
);

it("keeps each class's share, and one at least of each", () => {
  expect(perClass(drawLabels(CLASSES, { count: 100 }, rng()))).toEqual([70, 25, 4, 1]);
  expect(perClass(drawLabels(CLASSES, { share: 0.01 }, rng()))).toEqual([6, 2, 1, 1]);
  expect(perClass(drawLabels(CLASSES, { count: 2 }, rng()))).toEqual([1, 1, 1, 1]);
});

it.each([4, 5, 17, 100, 333, 999])("draws %i in all, none twice", (count) => {
  const drawn = drawLabels(CLASSES, { count }, rng());
  expect(new Set(drawn).size).toBe(count);
  expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
});

it("takes everything where the budget covers it, and draws anew with another seed", () => {
  expect(drawLabels(CLASSES, { count: 5000 }, rng())).toEqual([...CLASSES.keys()]);
  expect(drawLabels(CLASSES, { count: 50 }, rng())).toEqual(drawLabels(CLASSES, { count: 50 }, rng()));
  expect(drawLabels(CLASSES, { count: 50 }, rng())).not.toEqual(drawLabels(CLASSES, { count: 50 }, rng(2)));
});

it("a larger budget holds a smaller one's labels", () => {
  const few = drawLabels(CLASSES, { count: 100 }, rng());
  const many = new Set(drawLabels(CLASSES, { count: 400 }, rng()));
  expect(few.filter((i) => !many.has(i))).toEqual([]);
});
