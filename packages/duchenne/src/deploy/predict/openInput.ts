/** Opens inputs as streams of frames. */
import { type FrameStream, readFrames, videoFacts } from "@duchenne/face";
import type { Input } from "./inputs.ts";
import { readRawFrames } from "./rawFrames.ts";

/** An image is predicted as a video of one frame. */
const STILL_FPS = 1;
/** Highest frame rate of face sampling. */
const HIGHEST_FPS = 1000;
/** Larger frames are reduced to this side, pixels; faces of interest stay large enough. */
const LARGEST_SIDE = 1280;

/** The frames of an input. */
export interface InputFrames {
  readonly frames: FrameStream;
  /** Sampled frames per second, on average. */
  readonly frameRateHz: number;
  /** 0 if unknown. */
  readonly totalSeconds: number;
}

/** Sampled frames per second, on average. @param fps rate the user chose for videos   @throws MediaError for a video that cannot be opened */
export async function samplingRate(input: Input, fps: number | undefined): Promise<number> {
  if (input.kind === "still") return STILL_FPS;
  if (input.kind === "pipe") return Math.min(HIGHEST_FPS, input.format.frameRateHz);
  return Math.min(HIGHEST_FPS, fps ?? (await videoFacts(input.path)).frameRateHz);
}

/** Opens the frames of an input. @param fps frames per second of a video; undefined: all   @throws MediaError for a video that cannot be opened */
export async function openInput(
  input: Input,
  fps: number | undefined,
  signal: AbortSignal | undefined,
): Promise<InputFrames> {
  const frameRateHz = await samplingRate(input, fps);
  if (input.kind === "pipe")
    return { frames: readRawFrames(input.pipe, input.format, signal), frameRateHz, totalSeconds: 0 };
  const totalSeconds = input.kind === "video" ? (await videoFacts(input.path)).durationSeconds : 0;
  const options = { fps: fps ?? ("all" as const), threads: 1, maxSide: LARGEST_SIDE, strict: false, signal };
  return { frames: readFrames(input, options), frameRateHz, totalSeconds };
}
