/** What the writers of films have in common. */
import type { Yuv420 } from "./yuv.ts";

/** Size, rate and quality of a video. */
export interface VideoOptions {
  /** Of the frame in pixels, both even. */
  readonly width: number;
  readonly height: number;
  /** Nominal. */
  readonly frameRateHz: number;
  /** Positions are counted in these; default: in frames. */
  readonly ticksPerSecond?: number;
  /** x264's constant rate factor, 0 (lossless) to 51. */
  readonly crf: number;
}

/** Writes one film: under its own name only once it is whole. */
export interface FilmWriter {
  /** Appends a frame. @param position in frames, or ticks, from the start, rising; by default the next */
  write(frame: Yuv420, position?: number): void;
  /** Finishes the film and gives it its name. @returns frames written */
  finish(): number;
  /** Gives up: nothing remains on disk. Also after a `finish` that failed; a finished film stays. */
  abandon(): void;
}

/** x264's own name for how much time it takes. */
export const PRESET = "veryfast";

/** Suffix of a film that is not finished; nothing reads such a file. */
export const UNFINISHED_SUFFIX = ".unfinished.mp4";

/** Named by process: a killed run's worker may live on for a clip, and must not meet its successor here. */
export const unfinishedOf = (path: string): string => `${path}.${process.pid}${UNFINISHED_SUFFIX}`;

/** Rates are rounded to two digits, as in 23.98; a whole number differs by 1e-3. */
const BROADCAST_TOLERANCE = 2e-4;

/** A frame rate as FFmpeg has it: 30000/1001 comes as 29.97. */
export function frameRateOf(frameRateHz: number): { num: number; den: number } {
  if (Number.isInteger(frameRateHz)) return { num: frameRateHz, den: 1 };
  const broadcast = Math.round(frameRateHz);
  const isBroadcast = Math.abs((broadcast * 1000) / 1001 - frameRateHz) < BROADCAST_TOLERANCE * frameRateHz;
  if (isBroadcast) return { num: broadcast * 1000, den: 1001 };
  return { num: Math.round(frameRateHz * 1000), den: 1000 };
}
