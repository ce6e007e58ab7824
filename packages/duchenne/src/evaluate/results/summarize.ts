/** Means over the seeds of each label budget. */
import { Random } from "../../lib/random.ts";
import type { ProbeCell, ProbeSummary } from "../schema/result.ts";
import { meanStatistics, orNull, type Truth, withIntervals } from "./outcome.ts";

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation with n − 1 in the denominator. */
function standardDeviation(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/**
 * Summarises trainings: one entry per label budget, in the order of the cells.
 * @param truth of the test split; null for the task identity, whose bounds are the means of the bounds of its cells
 * @param resamples of each bootstrap interval
 */
export function summarize(
  cells: readonly ProbeCell[],
  truth: Truth | null,
  resamples: number,
): ProbeSummary[] {
  const budgets = [...new Set(cells.map(({ labels }) => labels))];
  return budgets.map((labels) => {
    const own = cells.filter((cell) => cell.labels === labels);
    // One training: its own interval, so that a figure has the same one wherever it is shown.
    const intervals = truth && own.length > 1 ? jointIntervals(own, truth, resamples) : undefined;
    const figures = Object.keys(own[0]!.best.figures).map((name) => {
      const values = own.map(({ best }) => best.figures[name]!.value ?? Number.NaN);
      const bound = (side: "low" | "high") =>
        intervals
          ? intervals[name]![side]
          : orNull(meanOf(own.map(({ best }) => best.figures[name]![side]!)));
      return [
        name,
        {
          mean: orNull(meanOf(values)),
          sd: own.length > 1 ? orNull(standardDeviation(values)) : null,
          low: bound("low"),
          high: bound("high"),
          lastMean: orNull(meanOf(own.map(({ last }) => last.figures[name]!.value ?? Number.NaN))),
        },
      ] as const;
    });
    const trainImages = Math.round(meanOf(own.map((cell) => cell.trainImages)));
    return { labels, trainImages, seeds: own.length, figures: Object.fromEntries(figures) };
  });
}

/** Intervals of the mean over seeds: each resample takes the same test images for all seeds. */
function jointIntervals(cells: readonly ProbeCell[], truth: Truth, resamples: number) {
  const statistics = meanStatistics(
    truth,
    cells.map(({ best }) => best),
  );
  return withIntervals(statistics, truth.persons, resamples, Random.fromSeed("summary"));
}
