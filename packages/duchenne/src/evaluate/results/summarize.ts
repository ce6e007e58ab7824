import { Random } from "../../lib/random.ts";
import type { ProbeCell, ProbeSummary } from "../schema/result.ts";
import { meanStatistics, orNull, type Truth, withIntervals } from "./outcome.ts";

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** With n − 1 in the denominator. */
function standardDeviation(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/**
 * One line per label budget, in the order of the cells: means over seeds.
 * @param truth of the test part; null for the task identity, whose intervals are the means of its cells'
 */
export function summarize(
  cells: readonly ProbeCell[],
  truth: Truth | null,
  resamples: number,
): ProbeSummary[] {
  const budgets = [...new Set(cells.map(({ labels }) => labels))];
  return budgets.map((labels) => {
    const own = cells.filter((cell) => cell.labels === labels);
    const intervals = truth ? jointIntervals(own, truth, resamples) : undefined;
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

/** The same test images are drawn for all seeds: the interval is one of the mean. */
function jointIntervals(cells: readonly ProbeCell[], truth: Truth, resamples: number) {
  const statistics = meanStatistics(
    truth,
    cells.map(({ best }) => best),
  );
  return withIntervals(statistics, truth.persons, resamples, Random.fromSeed("summary"));
}
