import type { Random } from "../../lib/random.ts";

/** Bounds that hold the true value with the confidence asked for. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** Default 1,000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

/**
 * Percentile bootstrap: groups are drawn with replacement, all images of a group together, since images of one person are
 * not independent.
 * @param groups the images' indices by group: one per person, or one per image where people are unknown
 * @param statistics figures of a resample, given as indices
 * @returns one interval per figure; resamples in which a figure is NaN are left out of its interval
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

/** Linear between the neighbours. @param sorted ascending @returns NaN for no values */
function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [
    sorted[below] ?? Number.NaN,
    sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN,
  ];
  return low + (high - low) * (place - below);
}

/** Indices by whom they show; an unknown person is a group of its own. */
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
