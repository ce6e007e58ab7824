/** What the readers of video, frame folders and stills have in common. */

import "../globals.ts";
import type { MediaDamage, SampledFrame } from "../types.ts";

/** How frames are sampled and decoded. */
export interface DecodeOptions {
  /** Sampling rate in Hz, or every frame there is, each with its own time. */
  readonly fps: number | "all";
  /** Decoder threads. */
  readonly threads: number;
  /** Larger frames are reduced to this longer side, in pixels. */
  readonly maxSide: number;
  /** Throw at the first damage instead of reading on. */
  readonly strict: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Sampled frames in order of time; returns what could not be read, or null. */
export type FrameStream = AsyncGenerator<SampledFrame, MediaDamage | null>;
