import type { Task } from "../../../evaluate/schema/options.ts";
import type { Column } from "../data/reportData.ts";

/** A probe's figure as a column of a table. */
export interface Measure extends Column {
  /** Its name in a ProbeResult. */
  readonly figure: string;
  readonly task: Task;
  /** Least and greatest value there can be. */
  readonly range: readonly [low: number, high: number];
}

const percent = { unit: "percent", range: [0, 1] } as const;
const correlation = { unit: "number", range: [-1, 1] } as const;
const error = { unit: "number", range: [0, 2] } as const;

/** In the order of the paper's table; then what a good feature of expression knows little of. */
export const MEASURES: readonly Measure[] = [
  { figure: "macroF1", task: "expression", name: "F1", better: "higher", ...percent },
  { figure: "accuracy", task: "expression", name: "Acc", better: "higher", ...percent },
  { figure: "valenceCcc", task: "va", name: "V-CCC", better: "higher", ...correlation },
  { figure: "valenceRmse", task: "va", name: "V-RMSE", better: "lower", ...error },
  { figure: "arousalCcc", task: "va", name: "A-CCC", better: "higher", ...correlation },
  { figure: "arousalRmse", task: "va", name: "A-RMSE", better: "lower", ...error },
  { figure: "identification", task: "identity", name: "identified", better: "lower", ...percent },
  { figure: "verification", task: "identity", name: "verified", better: "lower", ...percent },
  { figure: "chance", task: "identity", name: "by chance", better: "neither", ...percent },
];

/** Figures that are drawn against the number of labels. */
export const CURVE_FIGURES: readonly string[] = ["macroF1", "valenceCcc", "arousalCcc"];
