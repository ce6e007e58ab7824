import type { MetricsPoint } from "duchenne/studio";
import uPlot from "uplot";

/** Figures of a run's log worth a plot. */
export const FIGURES = [
  { name: "loss", title: "Loss", note: "mean over the updates since the last line" },
  { name: "top1", title: "Positives ranked first", note: "share of rows, top-1" },
  { name: "spread", title: "Embedding spread", note: "1 fills the sphere, 0 has collapsed" },
  { name: "effectiveRank", title: "Effective rank", note: "dimensions a batch's embeddings use" },
  { name: "imagesPerSecond", title: "Images per second", note: "the whole loop" },
  { name: "learningRate", title: "Learning rate", note: "" },
] as const;

export type FigureName = (typeof FIGURES)[number]["name"];

/**
 * Exponential moving average, started without bias.
 * @param weight share of itself the mean keeps from one line to the next, in [0, 1)
 */
export function smooth(values: readonly number[], weight: number): number[] {
  let [mean, total] = [0, 0];
  return values.map((value) => {
    mean = weight * mean + (1 - weight) * value;
    total = weight * total + (1 - weight);
    return mean / total;
  });
}

/** Runs' figures over a shared axis of updates; null where a run has no line. */
export function alignedSeries(
  logs: readonly (readonly MetricsPoint[])[],
  name: FigureName,
  smoothing: number,
): uPlot.AlignedData {
  const tables = logs.map((lines): uPlot.AlignedData => {
    const known = lines.filter((line) => typeof line[name] === "number");
    const values = known.map((line) => line[name] as number);
    return [known.map(({ step }) => step), smooth(values, smoothing)];
  });
  if (tables.length === 0) return [[]];
  // A gap in the axis comes from another run's steps: lines go on across it.
  return uPlot.join(
    tables,
    tables.map(() => [1, 1]),
  );
}

/** Whether any run logged a figure. */
export const isLogged = (logs: readonly (readonly MetricsPoint[])[], name: FigureName): boolean =>
  logs.some((lines) => lines.some((line) => typeof line[name] === "number"));
