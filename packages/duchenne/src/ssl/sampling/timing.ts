import type { SamplingSettings } from "./settings.ts";
import { framesLasting, INTERVAL_WEIGHTS, type Intervals, NO_INTERVAL, timeAugIntervals } from "./timeAug.ts";

/** The method's seconds as frames of one frame rate. */
export interface Timing {
  /** From an anchor to its positive. */
  readonly intervals: Intervals;
  /** Least distance of a hard-negative anchor; 0 if the run has none. */
  readonly hardNegFrames: number;
}

/** @param frameRateHz of the stored frames; 0 of stills, which have no seconds: none is then asked for */
export function timingOf(frameRateHz: number, settings: SamplingSettings): Timing {
  const { timeAug, timeAugSeconds, timeAugWeighting, hardNeg, hardNegSeconds } = settings;
  const frames = timeAug ? timeAugIntervals(frameRateHz, timeAugSeconds) : NO_INTERVAL.frames;
  const intervals = { frames, weights: INTERVAL_WEIGHTS[timeAugWeighting](frames.length) };
  if (!hardNeg) return { intervals, hardNegFrames: 0 };
  // A setting below the shortest interval would ask for negatives nearer than every positive.
  const hardNegFrames = Math.max(framesLasting(frameRateHz, hardNegSeconds), frames[0] ?? 0);
  return { intervals, hardNegFrames };
}
