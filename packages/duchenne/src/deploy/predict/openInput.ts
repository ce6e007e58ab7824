import { type FrameStream, readFrames, videoFacts } from "@duchenne/face";
import type { Input } from "./inputs.ts";
import { readRawFrames } from "./rawFrames.ts";

/** Pictures are judged as films of one frame. */
const STILL_FPS = 1;
/** The face stage's options reach this far. */
const MOST_FPS = 1000;
/** Larger frames are reduced: a face that matters is still large enough. */
const LARGEST_SIDE = 1280;

/** An input whose frames can be taken. */
export interface Opened {
  readonly frames: FrameStream;
  /** Frames a second, on average. */
  readonly rate: number;
  /** 0 if unknown. */
  readonly totalSeconds: number;
}

/** Frames a second that are looked at, on average. @throws MediaError for a film that cannot be opened */
export async function rateOf(input: Input, fps: number | undefined): Promise<number> {
  if (input.kind === "still") return STILL_FPS;
  if (input.kind === "pipe") return Math.min(MOST_FPS, input.format.frameRateHz);
  return Math.min(MOST_FPS, fps ?? (await videoFacts(input.path)).frameRateHz);
}

/** @throws MediaError for a film that cannot be opened */
export async function openInput(
  input: Input,
  fps: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const rate = await rateOf(input, fps);
  if (input.kind === "pipe")
    return { frames: readRawFrames(input.pipe, input.format, signal), rate, totalSeconds: 0 };
  const totalSeconds = input.kind === "video" ? (await videoFacts(input.path)).durationSeconds : 0;
  const options = { fps: fps ?? ("all" as const), threads: 1, maxSide: LARGEST_SIDE, strict: false, signal };
  return { frames: readFrames(input, options), rate, totalSeconds };
}
