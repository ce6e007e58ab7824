/** What the readers of video, frame folders and stills have in common. */

import "../globals.ts";
import { checkNumber, FACE_DEFAULTS, RANGES, refuseUnknown } from "../options.ts";
import type { MediaDamage, SampledFrame } from "../types.ts";

/** How frames are sampled and decoded. Defaults as in `FACE_DEFAULTS`. */
export interface DecodeOptions {
  /** Sampling rate in Hz, or every frame there is, each with its own time. Default 25/6. */
  readonly fps?: number | "all";
  /** Decoder threads; 0 takes one for each processor. Default 1. */
  readonly threads?: number;
  /** Larger frames are reduced to this longer side, in pixels. Default 1280. */
  readonly maxSide?: number;
  /** Throw at the first damage instead of reading on. Default false. */
  readonly strict?: boolean;
  /** Ends the reading with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** `DecodeOptions` with every default filled in. */
export interface ResolvedDecodeOptions extends Required<Omit<DecodeOptions, "signal">> {
  readonly signal?: AbortSignal | undefined;
}

const DECODE_OPTIONS = Object.keys({
  fps: true,
  threads: true,
  maxSide: true,
  strict: true,
  signal: true,
} satisfies Record<keyof DecodeOptions, true>);

/** @throws FaceError naming the option that is unknown or out of range */
export function resolveDecodeOptions(options: DecodeOptions): ResolvedDecodeOptions {
  refuseUnknown(options, DECODE_OPTIONS);
  const {
    fps = FACE_DEFAULTS.fps,
    threads = FACE_DEFAULTS.decodeThreads,
    maxSide = FACE_DEFAULTS.maxFramePixels,
    strict = FACE_DEFAULTS.strict,
    signal,
  } = options;
  if (fps !== "all") checkNumber("fps", fps, RANGES.fps, false);
  checkNumber("threads", threads, RANGES.decodeThreads, true);
  checkNumber("maxSide", maxSide, RANGES.maxFramePixels, true);
  return { fps, threads, maxSide, strict, signal };
}

/** Sampled frames in order of time; returns what could not be read, or null. */
export type FrameStream = AsyncGenerator<SampledFrame, MediaDamage | null>;
