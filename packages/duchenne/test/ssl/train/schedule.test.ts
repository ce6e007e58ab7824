import { describe, expect, it } from "vitest";
import { learningRates } from "../../../src/ssl/train/schedule.ts";

const RATE = 3e-4;
const settings = { learningRate: RATE, warmupEpochs: null, warmupSteps: null };

describe("learningRates", () => {
  it("hold-cosine is method.md's: ten epochs of one rate, then lr / 2 · (1 + cos π (e − 10) / (E − 10))", () => {
    const [stepsPerEpoch, epochs] = [7, 40];
    const hold = { ...settings, schedule: "hold-cosine", warmupEpochs: 10 } as const;
    const rate = learningRates(hold, epochs * stepsPerEpoch, stepsPerEpoch);
    for (let step = 0; step < epochs * stepsPerEpoch; step++) {
      const e = step / stepsPerEpoch;
      const expected = e < 10 ? RATE : (RATE / 2) * (1 + Math.cos((Math.PI * (e - 10)) / (epochs - 10)));
      expect(rate(step)).toBeCloseTo(expected, 12);
    }
  });

  it("warmup-cosine rises to the rate, and falls to zero after the last step", () => {
    const rate = learningRates({ ...settings, schedule: "warmup-cosine", warmupSteps: 4 }, 20, 5);
    expect([0, 1, 2, 3].map((step) => rate(step) / RATE)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(rate(12)).toBeCloseTo(RATE / 2, 12);
    expect(rate(20)).toBeCloseTo(0, 12);
  });

  it("of a run shorter than its warm-up still rises", () => {
    const rate = learningRates({ ...settings, schedule: "warmup-cosine", warmupSteps: 50 }, 10, 5);
    expect(rate(9)).toBeCloseTo(RATE / 5, 12);
  });

  it("constant stays", () => {
    const rate = learningRates({ ...settings, schedule: "constant", warmupSteps: 4 }, 20, 5);
    expect([rate(0), rate(19)]).toEqual([RATE, RATE]);
  });
});
