import { describe, expect, it } from "vitest";
import {
  constant,
  holdCosine,
  type ScheduleDefinition,
  warmupCosine,
} from "../../../src/ssl/train/schedules.ts";

const RATE = 3e-4;

const learningRates = (schedule: ScheduleDefinition, totalSteps: number, stepsPerEpoch: number) =>
  schedule.rates({ learningRate: RATE, totalSteps, stepsPerEpoch });

describe("schedules", () => {
  it("hold-cosine is method.md's: ten epochs of one rate, then lr / 2 · (1 + cos π (e − 10) / (E − 10))", () => {
    const [stepsPerEpoch, epochs] = [7, 40];
    const hold = holdCosine({ warmupEpochs: 10 });
    const rate = learningRates(hold, epochs * stepsPerEpoch, stepsPerEpoch);
    for (let step = 0; step < epochs * stepsPerEpoch; step++) {
      const e = step / stepsPerEpoch;
      const expected = e < 10 ? RATE : (RATE / 2) * (1 + Math.cos((Math.PI * (e - 10)) / (epochs - 10)));
      expect(rate(step)).toBeCloseTo(expected, 12);
    }
  });

  it("warmup-cosine rises to the rate, and falls to zero after the last step", () => {
    const rate = learningRates(warmupCosine({ warmupSteps: 4 }), 20, 5);
    expect([0, 1, 2, 3].map((step) => rate(step) / RATE)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(rate(12)).toBeCloseTo(RATE / 2, 12);
    expect(rate(20)).toBeCloseTo(0, 12);
  });

  it("of a run shorter than its warm-up still rises", () => {
    const rate = learningRates(warmupCosine({ warmupSteps: 50 }), 10, 5);
    expect(rate(9)).toBeCloseTo(RATE / 5, 12);
  });

  it("constant stays", () => {
    const rate = learningRates(constant(), 20, 5);
    expect([rate(0), rate(19)]).toEqual([RATE, RATE]);
  });
});
