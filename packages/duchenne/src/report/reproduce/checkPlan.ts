import { ExplainedError } from "../../lib/errors.ts";
import { valuesFromConfig } from "../../ssl/valuesFromConfig.ts";
import { PlanError } from "./errors.ts";
import type { ReproducePlan } from "./plan.ts";
import { probeSettingsOf } from "./runRow.ts";
import { workRows } from "./workRows.ts";

/**
 * Checks everything that a plan decides by itself, without a store or a device: the names of its rows, the settings of each
 * pre-training, and each evaluation.
 * @throws PlanError for the first that is wrong, naming the row or the evaluation
 */
export function checkSettingsOf(plan: ReproducePlan): void {
  for (const { slug, stages } of workRows(plan, ""))
    for (const { config } of stages) named(`${plan.name}: ${slug}`, () => valuesFromConfig(config));
  for (const [i, evaluation] of plan.evaluations.entries())
    for (const mode of evaluation.modes)
      named(`${plan.name}: evaluations.${i}`, () => probeSettingsOf(evaluation, mode));
}

/** What a setting's own error says, with its place in the plan. */
function named(place: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    const { subject, expected, received, remedy } = error;
    throw new PlanError(`${place}: ${subject}`, expected, received, remedy, { cause: error });
  }
}
