import { expect, it } from "vitest";
import { fitSchedule } from "../../../src/evaluate/predictors/schedule.ts";
import { probeSettings } from "../../../src/evaluate/schema/options.ts";

const frozen = probeSettings({});
const fineTuned = probeSettings({ mode: "finetune" });

it("makes the paper's 20 epochs at 1e-4 where there are as many labels as the paper has", () => {
  expect(fitSchedule(frozen, 280_000)).toEqual({ steps: 87_500, learningRate: 1e-4 });
  expect(fitSchedule(fineTuned, 400_000)).toEqual({ steps: 125_000, learningRate: 1e-4 });
});

it("with fewer labels takes larger steps, up to a bound", () => {
  expect(fitSchedule(frozen, 140_000).learningRate).toBeCloseTo(2e-4, 6);
  expect(fitSchedule(frozen, 28_709)).toEqual({ steps: 20 * 449, learningRate: 8.75 / (20 * 449) });
  expect(fitSchedule(frozen, 10_000).learningRate).toBe(1e-3);
  expect(fitSchedule(fineTuned, 10_000).learningRate).toBe(3e-4);
});

it("with very few labels makes a least number of updates", () => {
  expect(fitSchedule(frozen, 100)).toEqual({ steps: 1000, learningRate: 1e-3 });
  expect(fitSchedule(fineTuned, 100)).toEqual({ steps: 300, learningRate: 3e-4 });
});

it("leaves what the settings say", () => {
  const said = probeSettings({ minSteps: 50, learningRate: 1e-4 });
  expect(fitSchedule(said, 10)).toEqual({ steps: 50, learningRate: 1e-4 });
  expect(fitSchedule({ ...said, minSteps: 0, epochs: 2 }, 33)).toEqual({ steps: 2, learningRate: 1e-4 });
  expect(fitSchedule({ ...said, minSteps: 0, epochs: 2, batch: 16 }, 33).steps).toBe(6);
});
