/** The frames of one sample, as numbers within their clip. */
import type { Random } from "../../lib/random.ts";
import { drawNeighbour } from "./timeAug.ts";
import type { Timing } from "./timing.ts";

export interface DrawnFrames {
  /** One per block, in the blocks' order. */
  readonly frames: readonly number[];
  /** The clip had no room for a hard-negative positive as far from anchor and positive as its anchor is. */
  readonly crowded: boolean;
}

/**
 * Anchor and positive: the anchor uniform over the frames that have a positive, which are all of them but in the shortest
 * clips.
 * @param frameCount of the clip, more than the shortest interval
 * @returns frames of `anchor`, `positive`
 */
export function drawPair(frameCount: number, { intervals }: Timing, rng: Random): DrawnFrames {
  const anchor = drawWithPartner(frameCount, intervals.frames[0]!, rng);
  const positive = drawNeighbour(anchor, intervals, isIn(frameCount), rng);
  return { frames: [anchor, positive], crowded: false };
}

/**
 * The pair, a hard-negative anchor at least `hardNegFrames` from the anchor, and its positive: where there is room, as
 * far from anchor and positive too, else as far as there is.
 * @param frameCount of the clip, more than `hardNegFrames`
 * @returns frames of `anchor`, `hardNegative`, `positive`, `hardNegativePositive`
 * @see Shu et al. 2022, arXiv:2210.03853, HardNeg
 */
export function drawQuadruple(frameCount: number, timing: Timing, rng: Random): DrawnFrames {
  const { intervals, hardNegFrames } = timing;
  const anchor = drawWithPartner(frameCount, hardNegFrames, rng);
  const positive = drawNeighbour(anchor, intervals, isIn(frameCount), rng);
  const hardNegative = drawApart(anchor, frameCount, hardNegFrames, rng);
  const apart = (frame: number): number => Math.min(Math.abs(frame - anchor), Math.abs(frame - positive));
  const room = roomAround(hardNegative, timing, isIn(frameCount), apart);
  const least = Math.min(room, hardNegFrames);
  const allowed = (frame: number): boolean => isIn(frameCount)(frame) && apart(frame) >= least;
  const hardNegativePositive = drawNeighbour(hardNegative, intervals, allowed, rng);
  return { frames: [anchor, hardNegative, positive, hardNegativePositive], crowded: room < hardNegFrames };
}

const isIn =
  (frameCount: number) =>
  (frame: number): boolean =>
    frame >= 0 && frame < frameCount;

/** Uniform over the frames that have another `distance` or more away: all of a long clip's, the ends of a short one's. */
function drawWithPartner(frameCount: number, distance: number, rng: Random): number {
  const atEachEnd = frameCount - distance;
  if (2 * atEachEnd >= frameCount) return rng.integer(frameCount);
  const drawn = rng.integer(2 * atEachEnd);
  return drawn < atEachEnd ? drawn : frameCount - 2 * atEachEnd + drawn;
}

/** Uniform over the frames at least `distance` away, on a side chosen by a fair coin where both have one. */
function drawApart(anchor: number, frameCount: number, distance: number, rng: Random): number {
  const before = anchor - distance + 1;
  const after = frameCount - anchor - distance;
  const goesBack = before > 0 && (after <= 0 || rng.chance(0.5));
  return goesBack ? rng.integer(before) : anchor + distance + rng.integer(after);
}

/** How far apart a positive of `centre` can be. */
function roomAround(
  centre: number,
  { intervals }: Timing,
  inside: (frame: number) => boolean,
  apart: (frame: number) => number,
): number {
  const reachable = intervals.frames.flatMap((d) => [centre - d, centre + d]).filter(inside);
  return Math.max(...reachable.map(apart));
}

/**
 * The pair twice, for a clip whose hard negatives are its own frames, warped.
 * @param frameCount of the clip, more than the shortest interval
 * @returns frames of `anchor`, `hardNegative`, `positive`, `hardNegativePositive`
 */
export function drawPairTwice(frameCount: number, timing: Timing, rng: Random): DrawnFrames {
  const { frames } = drawPair(frameCount, timing, rng);
  const [anchor, positive] = frames as [number, number];
  return { frames: [anchor, anchor, positive, positive], crowded: false };
}
