import { describe, expect, it } from "vitest";
import {
  expectedCalibrationError,
  scoreAffect,
  scoreExpressions,
} from "../../../src/deploy/score/figures.ts";
import { Random } from "../../../src/lib/random.ts";

const CLASSES = ["neutral", "happy", "sad"];
/** Probabilities whose largest is of one class. */
const sure = (c: number, confidence = 0.8): number[] =>
  CLASSES.map((_, i) => (i === c ? confidence : (1 - confidence) / 2));

describe("scoreExpressions", () => {
  const labels = [0, 0, 1, 1, 1];
  const predicted = [0, 1, 1, 1, 2];
  const score = scoreExpressions(
    CLASSES,
    labels,
    predicted.map((c) => sure(c)),
    labels.map(() => null),
  );

  it("counts what was taken for what", () => {
    expect(score.images).toBe(5);
    expect(score.confusion).toEqual([
      [1, 1, 0],
      [0, 2, 1],
      [0, 0, 0],
    ]);
    expect(score.recall).toEqual({ neutral: 0.5, happy: 2 / 3, sad: Number.NaN });
  });

  it("gives accuracy, and macro F1 over the classes that occur in labels or predictions, each in its interval", () => {
    expect(score.accuracy.value).toBeCloseTo(3 / 5, 12);
    expect(score.macroF1.value).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12);
    for (const { value, low, high } of [score.accuracy, score.macroF1]) {
      expect(low).toBeLessThanOrEqual(value!);
      expect(high).toBeGreaterThanOrEqual(value!);
    }
  });

  it("compares confidence with accuracy", () => {
    expect(score.calibrationError).toBeCloseTo(0.8 - 3 / 5, 12);
  });

  it("has intervals for the recall of each class, and for the calibration error", () => {
    expect(Object.keys(score.recallIntervals)).toEqual(CLASSES);
    const { neutral, happy, sad } = score.recallIntervals;
    for (const [interval, value] of [
      [neutral, 0.5],
      [happy, 2 / 3],
      [score.calibrationInterval, score.calibrationError],
    ] as const) {
      expect(interval!.low).toBeLessThan(value);
      expect(interval!.high).toBeGreaterThan(value);
    }
    expect(sad).toEqual({ low: null, high: null });
  });
});

it("the interval of a small calibration error has the error in it: resamples alone show a greater one", () => {
  const random = Random.fromSeed(5);
  const confidences = Array.from({ length: 300 }, () => random.uniform(0.5, 1));
  const labels = confidences.map((confidence) => (random.uniform(0, 1) < confidence ? 0 : 1));
  const probabilities = confidences.map((confidence) => [confidence, 1 - confidence]);
  const persons = labels.map((_, i) => `person${i % 150}`);
  const score = scoreExpressions(["happy", "sad"], labels, probabilities, persons);
  const { low, high } = score.calibrationInterval;
  expect(low).toBeLessThan(score.calibrationError);
  expect(high).toBeGreaterThan(score.calibrationError);
  expect(low).toBeGreaterThanOrEqual(0);
  expect(score.calibrationError).toBeLessThan(0.1);
});

describe("expectedCalibrationError", () => {
  it("weighs each bin's gap by its faces", () => {
    // Of two faces at 0.95 one is right; of two at 0.55 both are.
    const error = expectedCalibrationError([0.95, 0.95, 0.55, 0.55], [true, false, true, true]);
    expect(error).toBeCloseTo((2 * Math.abs(0.95 - 0.5) + 2 * Math.abs(0.55 - 1)) / 4, 12);
  });

  it("is 0 for certainty that is always right", () => {
    expect(expectedCalibrationError([1, 1], [true, true])).toBe(0);
  });
});

it("scoreAffect is 1 where predictions are the truth, and the interval is by person", () => {
  const truth = [0.1, -0.4, 0.8, 0.3].map((value, i) => [value, -value + i / 10] as const);
  const score = scoreAffect(truth, truth, ["ann", "ann", "bob", "bob"]);
  expect(score).toMatchObject({ images: 4, valenceCcc: { value: 1, low: 1, high: 1 } });
  expect(score.arousalRmse.value).toBe(0);
});
