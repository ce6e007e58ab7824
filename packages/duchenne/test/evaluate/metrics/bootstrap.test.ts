import { expect, it } from "vitest";
import { bootstrapIntervals, groupsOf } from "../../../src/evaluate/metrics/bootstrap.ts";
import { Random } from "../../../src/lib/random.ts";

const rng = () => Random.fromSeed(7).fork("bootstrap");
const mean = (values: readonly number[]) => (indices: readonly number[]) => ({
  mean: indices.reduce((sum, i) => sum + values[i]!, 0) / indices.length,
});

it("matches the normal interval of a mean", () => {
  const draw = Random.fromSeed(3);
  const values = Array.from({ length: 400 }, () => draw.normal(2, 1));
  const groups = values.map((_, i) => [i]);
  const { low, high } = bootstrapIntervals(groups, mean(values), rng(), { resamples: 4000 }).mean;
  const centre = values.reduce((sum, value) => sum + value, 0) / 400;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / 400);
  expect(low).toBeCloseTo(centre - (1.96 * spread) / 20, 1.8);
  expect(high).toBeCloseTo(centre + (1.96 * spread) / 20, 1.8);
});

it("is wider where images come in groups that agree", () => {
  const values = Array.from({ length: 200 }, (_, i) => (Math.floor(i / 20) % 2 ? 1 : 0));
  const width = (groups: number[][]) => {
    const { low, high } = bootstrapIntervals(groups, mean(values), rng()).mean;
    return high - low;
  };
  const persons = values.map((_, i) => `person${Math.floor(i / 20)}`);
  expect(width(groupsOf(persons))).toBeGreaterThan(3 * width(groupsOf(values.map(() => null))));
});

it("is the same for the same seed, and leaves out resamples without a figure", () => {
  const odd = (indices: readonly number[]) => ({ odd: indices.includes(0) ? Number.NaN : indices.length });
  const once = bootstrapIntervals([[0], [1, 2], [3]], odd, rng());
  expect(once).toEqual(bootstrapIntervals([[0], [1, 2], [3]], odd, rng()));
  expect(Number.isFinite(once.odd.low)).toBe(true);
  expect(once.odd.high).toBe(6);
});

it("groups by person; images without a name are groups of their own", () => {
  expect(groupsOf(["ann", null, "bob", "ann", null])).toEqual([[0, 3], [1], [2], [4]]);
});
