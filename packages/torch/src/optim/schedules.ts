// Learning rates as functions of the step, from 0. They hold no state: a resumed run asks for the same step again.
import { ArgumentError } from "../core/errors.ts";

/** Learning rate by step. @param step updates done so far   @returns the learning rate of the next one */
export type Schedule = (step: number) => number;

function checkSteps(where: string, name: string, steps: number): void {
  if (!Number.isInteger(steps) || steps < 0)
    throw new ArgumentError(
      where,
      name,
      "an integer from 0",
      String(steps),
      steps > 0 && Number.isFinite(steps) ? "Round it first." : "Pass a number of updates.",
    );
}

/** The same rate ever. */
export function constant(lr: number): Schedule {
  return () => lr;
}

/**
 * From lr to `final` along half a cosine; `final` ever after.
 * @param totalSteps length of the fall
 * @see Loshchilov & Hutter 2017, arXiv:1608.03983
 */
export function cosine(lr: number, totalSteps: number, final = 0): Schedule {
  checkSteps("cosine", "totalSteps", totalSteps);
  return (step) => {
    const progress = totalSteps === 0 ? 1 : Math.min(step / totalSteps, 1);
    return final + (lr - final) * 0.5 * (1 + Math.cos(Math.PI * progress));
  };
}

/** Linearly up to the schedule's own start over `steps`, then the schedule from its step 0. The first step's rate is not zero. */
export function warmup(steps: number, then: Schedule): Schedule {
  checkSteps("warmup", "steps", steps);
  return (step) => (step < steps ? (then(0) * (step + 1)) / steps : then(step - steps));
}

/** The same rate for `steps`, then the schedule from its step 0: the paper's ten constant epochs before its cosine. */
export function hold(steps: number, then: Schedule): Schedule {
  checkSteps("hold", "steps", steps);
  return (step) => then(Math.max(step - steps, 0));
}

/** Multiplied by `factor` at each milestone. @param milestones steps, ascending */
export function multiStep(lr: number, milestones: readonly number[], factor = 0.1): Schedule {
  return (step) => lr * factor ** milestones.filter((milestone) => step >= milestone).length;
}
