import { valuesFromConfig } from "../../ssl/valuesFromConfig.ts";
import type { ReproducePlan } from "./plan.ts";
import { probeSettingsOf } from "./runRow.ts";
import { workRows } from "./workRows.ts";

/**
 * Checks everything that a plan decides by itself, without a store or a device: the names of its rows, the settings of each
 * pre-training, and each evaluation.
 * @throws PlanError, ConfigError, ComponentError or ProbeError for the first that is wrong
 */
export function checkSettingsOf(plan: ReproducePlan): void {
  for (const { stages } of workRows(plan, "")) for (const { config } of stages) valuesFromConfig(config);
  for (const evaluation of plan.evaluations)
    for (const mode of evaluation.modes) probeSettingsOf(evaluation, mode);
}
