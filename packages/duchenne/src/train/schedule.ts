import { optim } from "@duchenne/torch";
import type { PretrainConfig } from "./config.ts";

const { constant, cosine, hold, warmup } = optim.schedules;

type ScheduleSettings = Pick<PretrainConfig, "schedule" | "learningRate" | "warmupEpochs" | "warmupSteps">;

/** Steps of constant rate or of warm-up. */
function startingSteps({ warmupEpochs, warmupSteps }: ScheduleSettings, stepsPerEpoch: number): number {
  return warmupSteps ?? Math.round((warmupEpochs ?? 0) * stepsPerEpoch);
}

/**
 * The learning rate by step, as method.md has it: constant, then half a cosine to zero at the last step; or a linear
 * warm-up first, as is usual elsewhere.
 * @param totalSteps updates of the whole run   @param stepsPerEpoch to turn epochs into steps
 */
export function learningRates(
  settings: ScheduleSettings,
  totalSteps: number,
  stepsPerEpoch: number,
): optim.schedules.Schedule {
  const { schedule, learningRate } = settings;
  const start = Math.min(startingSteps(settings, stepsPerEpoch), totalSteps);
  if (schedule === "constant") return warmup(settings.warmupSteps ?? 0, constant(learningRate));
  const fall = cosine(learningRate, totalSteps - start);
  return schedule === "hold-cosine" ? hold(start, fall) : warmup(start, fall);
}
