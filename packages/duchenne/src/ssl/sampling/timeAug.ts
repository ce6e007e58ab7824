import type { Random } from "../../lib/random.ts";
import type { IntervalWeighting } from "../config/config.ts";

/** Keeps 3 s at 10/3 Hz at ten frames, whatever the product's last bit. */
const ROUNDING = 1e-9;

/** The least number of frames that lasts `seconds`: ceil(f·seconds). */
export const framesLasting = (frameRateHz: number, seconds: number): number =>
  Math.ceil(frameRateHz * seconds - ROUNDING);

/**
 * TimeAug's intervals D = { ⌊i + √(f·Δ)⌋ : i = 0 … ⌈f·Δ⌉ − 1 }, Δ about the distance meant.
 * @param frameRateHz f   @param seconds Δ
 * @returns frames, ascending; [0] where frames lie further apart than Δ
 * @see Shu et al. 2022, arXiv:2210.03853
 */
export function timeAugIntervals(frameRateHz: number, seconds: number): number[] {
  const shortest = Math.sqrt(frameRateHz * seconds) + ROUNDING;
  return Array.from({ length: framesLasting(frameRateHz, seconds) }, (_, i) => Math.floor(i + shortest));
}

/** How often each of n intervals is drawn, in proportion; ascending intervals. */
export const INTERVAL_WEIGHTS: Readonly<Record<IntervalWeighting, (n: number) => number[]>> = {
  uniform: (n) => new Array<number>(n).fill(1),
  "linear-up": (n) => Array.from({ length: n }, (_, i) => i + 1),
  "linear-down": (n) => Array.from({ length: n }, (_, i) => n - i),
};

/** Distances a positive may be from its anchor, frames, and how often each is drawn. */
export interface Intervals {
  /** Ascending. */
  readonly frames: readonly number[];
  readonly weights: readonly number[];
}

/** TimeAug off: a frame is its own positive. */
export const NO_INTERVAL: Intervals = { frames: [0], weights: [1] };

/**
 * Draws a frame one interval away: the interval by its weight among those that lead to an allowed frame, then the side
 * by a fair coin where both are allowed.
 * @param centre frame to start from   @param allowed whether a frame may be drawn; one of them at least has to be
 */
export function drawNeighbour(
  centre: number,
  intervals: Intervals,
  allowed: (frame: number) => boolean,
  rng: Random,
): number {
  const ways = intervals.frames.map((d) => [centre - d, centre + d].filter(allowed));
  const weights = intervals.weights.map((weight, i) => (ways[i]!.length > 0 ? weight : 0));
  return rng.choice(ways[drawIndex(weights, rng)]!);
}

/** An index, drawn with its weight. */
function drawIndex(weights: readonly number[], rng: Random): number {
  let left = rng.integer(weights.reduce((sum, weight) => sum + weight));
  return weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
}
