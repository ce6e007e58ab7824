import type { MetricsPoint } from "duchenne/studio";
import uPlot from "uplot";

/** Figures of a run's log that are shown unless others are chosen. */
export const FIGURES = [
  { name: "loss", title: "Loss", note: "mean over the updates since the last line" },
  { name: "top1", title: "Positives ranked first", note: "share of rows, top-1" },
  { name: "spread", title: "Embedding spread", note: "1 fills the sphere, 0 has collapsed" },
  { name: "effectiveRank", title: "Effective rank", note: "dimensions a batch's embeddings use" },
  { name: "imagesPerSecond", title: "Images per second", note: "the whole loop" },
  { name: "learningRate", title: "Learning rate", note: "never smoothed" },
] as const;

/** What a plot can run over. */
export const AXES = ["step", "epoch", "time"] as const;
export type AxisName = (typeof AXES)[number];

/** Fields of a log's lines that are no figures. */
const COORDINATES: ReadonlySet<string> = new Set(["step", "epoch", "wallTime"]);
/** Figures that are exact: a mean of them over time is something else. */
const EXACT: ReadonlySet<string> = new Set(["learningRate"]);

/** All figures of some logs: the known ones in their order, then the others by name. */
export function loggedFigures(logs: readonly (readonly MetricsPoint[])[]): string[] {
  const found = new Set(logs.flatMap((lines) => lines.flatMap((line) => Object.keys(line))));
  const known = FIGURES.map(({ name }) => name as string).filter((name) => found.has(name));
  const others = [...found].filter((name) => !COORDINATES.has(name) && !known.includes(name)).sort();
  return [...known, ...others].filter((name) => isLogged(logs, name));
}

/** Whether a figure is drawn as it was logged, whatever smoothing is chosen. */
export const isExact = (name: string): boolean => EXACT.has(name);

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

/** Where a line stands on an axis; hours since the first line for "time". */
function placeOf(line: MetricsPoint, axis: AxisName, startedAt: number): number | null {
  if (axis === "step") return line.step;
  if (axis === "epoch") return line.epoch ?? null;
  return line.wallTime == null ? null : (line.wallTime - startedAt) / 3600;
}

/** Runs' figures over a shared axis; null where a run has no line. */
export function alignedSeries(
  logs: readonly (readonly MetricsPoint[])[],
  name: string,
  smoothing: number,
  axis: AxisName = "step",
): uPlot.AlignedData {
  const tables = logs.map((lines): uPlot.AlignedData => {
    const startedAt = lines.find(({ wallTime }) => wallTime != null)?.wallTime ?? 0;
    const known = lines.flatMap((line) => {
      const [x, y] = [placeOf(line, axis, startedAt), line[name]];
      return typeof y === "number" && x !== null ? [{ x, y }] : [];
    });
    return [
      known.map(({ x }) => x),
      smooth(
        known.map(({ y }) => y),
        isExact(name) ? 0 : smoothing,
      ),
    ];
  });
  if (tables.length === 0) return [[]];
  // A gap in the axis comes from another run's steps: lines go on across it.
  return uPlot.join(
    tables,
    tables.map(() => [1, 1]),
  );
}

/** Whether any run logged a figure. */
export const isLogged = (logs: readonly (readonly MetricsPoint[])[], name: string): boolean =>
  logs.some((lines) => lines.some((line) => typeof line[name] === "number"));

type Row = ArrayLike<number | null | undefined>;

/**
 * The line of a series nearest to a place on the axis.
 * @returns undefined if the place is before the series' first line or past its last
 */
export function nearestLine(xs: Row, row: Row, index: number): number | undefined {
  if (row[index] != null) return index;
  let [before, after] = [index, index];
  while (before >= 0 && row[before] == null) before--;
  while (after < row.length && row[after] == null) after++;
  if (before < 0 || after >= row.length) return undefined;
  const x = xs[index]!;
  return x - xs[before]! <= xs[after]! - x ? before : after;
}

/** Whether a run has logged a figure once. */
export const isOneValue = (row: Row): boolean =>
  Array.from(row).filter((value) => value != null).length === 1;
