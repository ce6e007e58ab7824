/** Bootstrap confidence intervals. */
import type { Random } from "../../lib/random.ts";

/** A confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Options of `bootstrapIntervals`. */
export interface BootstrapOptions {
  /** Number of resamples; default: 1000. */
  readonly resamples?: number;
  /** Share of intervals that contain the true value; default: 0.95. */
  readonly confidence?: number;
}

/**
 * Percentile bootstrap over groups: draws groups with replacement and takes all images of each, because images of one person are
 * not independent.
 * @param groups [g] indices of the images of each group: one per person, or one per image if persons are unknown
 * @param statistics computes the figures of a resample from its indices
 * @returns one interval per figure; it ignores resamples in which the figure is NaN
 * @see Efron & Tibshirani 1993, chapter 13
 */
export function bootstrapIntervals<K extends string>(
  groups: readonly (readonly number[])[],
  statistics: (indices: readonly number[]) => Readonly<Record<K, number>>,
  rng: Random,
  { resamples = 1000, confidence = 0.95 }: BootstrapOptions = {},
): Record<K, Interval> {
  const draws: Readonly<Record<K, number>>[] = [];
  for (let r = 0; r < resamples; r++) {
    const drawn: number[] = [];
    for (let g = 0; g < groups.length; g++) for (const i of rng.choice(groups)) drawn.push(i);
    draws.push(statistics(drawn));
  }
  const names = Object.keys(draws[0] ?? {}) as K[];
  const intervals = names.map((name) => [
    name,
    percentiles(
      draws.map((draw) => draw[name]),
      confidence,
    ),
  ]);
  return Object.fromEntries(intervals) as Record<K, Interval>;
}

function percentiles(values: readonly number[], confidence: number): Interval {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

/** Interpolates linearly between neighbours. @param sorted ascending   @returns NaN if there are no values */
function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [
    sorted[below] ?? Number.NaN,
    sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN,
  ];
  return low + (high - low) * (place - below);
}

/** Groups indices by person; each unknown person is a group of its own. @param persons [n] null if unknown   @returns [groups] indices */
export function groupsOf(persons: readonly (string | null)[]): number[][] {
  const groups = new Map<string | number, number[]>();
  persons.forEach((person, i) => {
    const key = person ?? i;
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  });
  return [...groups.values()];
}
