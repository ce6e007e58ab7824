import { optim } from "@duchenne/torch";
import type { PretrainConfig } from "../config/config.ts";

const { constant, cosine, hold, warmup } = optim.schedules;

type ScheduleSettings = Pick<PretrainConfig, "schedule" | "learningRate" | "warmupEpochs" | "warmupSteps">;

/** Steps of constant rate or of warm-up. */
function startingSteps({ warmupEpochs, warmupSteps }: ScheduleSettings, stepsPerEpoch: number): number {
  return warmupSteps ?? Math.round((warmupEpochs ?? 0) * stepsPerEpoch);
}

/**
 * The learning rate by step: "hold-cosine", method.md's, is constant and then falls along half a cosine, to zero after the last
 * step; "warmup-cosine" rises linearly first, as is usual elsewhere; "constant" stays.
 * @param totalSteps updates of the whole run   @param stepsPerEpoch to turn epochs into steps
 */
export function learningRates(
  settings: ScheduleSettings,
  totalSteps: number,
  stepsPerEpoch: number,
): optim.schedules.Schedule {
  const { schedule, learningRate } = settings;
  if (schedule === "constant") return constant(learningRate);
  const start = startingSteps(settings, stepsPerEpoch);
  // A run shorter than its start does not come to fall.
  const fall = cosine(learningRate, Math.max(totalSteps - start, 1));
  return schedule === "hold-cosine" ? hold(start, fall) : warmup(start, fall);
}
