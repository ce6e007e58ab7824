import { tensor } from "@duchenne/torch";
import { expect, test } from "vitest";
import { BLOCK_STEPS, ProgressCurriculum } from "../../../src/ssl/train/curriculum.ts";

const SETTINGS = { curriculum: "progress", curriculumFraction: 0.5, curriculumTop1: 0.3 } as const;
const TOTAL = 200;
const START = 0.1;

/** A top-1 that rises, falls and rises again. */
const top1At = (step: number) => 0.3 + 0.25 * Math.sin(step / 17);
const figures = (top1: number) => ({ top1: tensor(top1, { dtype: "float64" }) });

/** The strength of every step, one block after the other. */
function plain(steps: number): number[] {
  const strengths = [START, START];
  let smoothed: number | undefined;
  for (let block = 0; block * BLOCK_STEPS < steps; block++) {
    let sum = 0;
    for (let i = 0; i < BLOCK_STEPS; i++) sum += top1At(block * BLOCK_STEPS + i);
    const mean = sum / BLOCK_STEPS;
    smoothed = smoothed === undefined ? mean : (smoothed + mean) / 2;
    const last = strengths.at(-1)!;
    // From a tenth to one in half of 200 steps: ten blocks.
    strengths.push(smoothed > 0.3 ? Math.min(1, last + 0.09) : last);
  }
  return Array.from({ length: steps }, (_, step) => strengths[Math.floor(step / BLOCK_STEPS)]!);
}

/** Runs steps of a curriculum. @returns their strengths */
function run(curriculum: ProgressCurriculum, from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => {
    const strength = curriculum.strengthOf(from + i);
    curriculum.add(from + i, figures(top1At(from + i)));
    return strength;
  });
}

test("the strength rises while top-1 is above the threshold, and waits while it is below, by plain loops", () => {
  const strengths = run(new ProgressCurriculum(SETTINGS, TOTAL), 0, TOTAL);
  expect(strengths).toBeAllclose(plain(TOTAL), 1e-12);
  expect(strengths[0]).toBe(START);
  const waits = strengths.filter((strength, i) => i >= 40 && strength === strengths[i - 20]).length;
  expect(waits).toBeGreaterThan(20);
  expect(strengths.at(-1)!).toBeGreaterThan(strengths[100]!);
});

test("it ends at one, after the share of the run at the earliest", () => {
  const always = new ProgressCurriculum({ ...SETTINGS, curriculumTop1: 0 }, TOTAL);
  const strengths = Array.from({ length: TOTAL }, (_, step) => {
    const strength = always.strengthOf(step);
    always.add(step, figures(0.5));
    return strength;
  });
  expect(strengths.indexOf(1)).toBe(110);
  // Also afterwards: a batch whose loss is no number is made anew some steps later.
  expect(Array.from({ length: TOTAL }, (_, step) => always.strengthOf(step))).toEqual(strengths);
  expect(strengths.at(-1)).toBe(1);
  const never = new ProgressCurriculum({ ...SETTINGS, curriculumTop1: 1 }, TOTAL);
  expect(new Set(run(never, 0, TOTAL))).toEqual(new Set([START]));
});

test.each([3, 10, 15, 47, 120])("continues from step %i as if it had not stopped", (at) => {
  const whole = run(new ProgressCurriculum(SETTINGS, TOTAL), 0, TOTAL);
  const first = new ProgressCurriculum(SETTINGS, TOTAL);
  const before = run(first, 0, at);
  const saved = JSON.parse(JSON.stringify(first.state()));
  const after = run(new ProgressCurriculum(SETTINGS, TOTAL, at, saved), at, TOTAL);
  expect([...before, ...after]).toEqual(whole);
});

test("says the strength of this block and of the next, but of none after them", () => {
  const curriculum = new ProgressCurriculum(SETTINGS, TOTAL);
  expect(curriculum.strengthOf(2 * BLOCK_STEPS - 1)).toBe(START);
  expect(() => curriculum.strengthOf(2 * BLOCK_STEPS)).toThrow(RangeError);
});

test("takes the value that processes agree on", () => {
  const low = new ProgressCurriculum(SETTINGS, TOTAL, 0, undefined, () => 0.9);
  const high = new ProgressCurriculum(SETTINGS, TOTAL, 0, undefined, () => 0);
  for (let step = 0; step < 30; step++) {
    low.add(step, figures(0));
    high.add(step, figures(1));
  }
  expect(low.strengthOf(30)).toBeGreaterThan(START);
  expect(high.strengthOf(30)).toBe(START);
});

test("a method without top-1 is refused", () => {
  const curriculum = new ProgressCurriculum(SETTINGS, TOTAL);
  expect(() => curriculum.add(0, {})).toThrow(
    "expected share, for a method without `top1` among its figures, received progress",
  );
});
