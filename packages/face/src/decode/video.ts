/** Sampled frames of a video file. */

import { AV_NOPTS_VALUE } from "node-av/constants";
import type { Frame } from "node-av/lib";
import { FaceError, MediaError } from "../errors.ts";
import { DamageLog } from "./damage.ts";
import { samplerFor } from "./grid.ts";
import type { DecodeOptions, FrameStream } from "./options.ts";
import { makePause } from "./pause.ts";
import { RgbConverter } from "./rgbConverter.ts";
import { VideoDecoder, type VideoProperties } from "./videoDecoder.ts";

/** Containers state durations loosely; only a clear shortfall counts as truncation. */
const DURATION_SLACK_SECONDS = 0.5;
const DURATION_SLACK_SHARE = 0.05;
/** Timestamps that fall back by more than this start anew (joined broadcasts); less is reordering. */
const RESTART_SECONDS = 1;

/**
 * Frames of any video FFmpeg reads: all of them, or one per cell of the sampling grid, the first frame at or after `k / fps`
 * seconds, counted from the first frame. Display rotation and pixel shape are applied. Memory does not grow with length.
 * @throws MediaError if nothing can be read, or at the first damage with `strict`
 */
export async function* readVideo(path: string, options: DecodeOptions): FrameStream {
  const log = new DamageLog(path, "an undamaged video", options.strict);
  const decoder = await VideoDecoder.open(path, options.threads);
  const { properties } = decoder;
  const converter = new RgbConverter({ ...properties, maxSide: options.maxSide });
  try {
    const grid = samplerFor(options.fps, properties.tickSeconds);
    const clock = new FrameClock(properties);
    let framesRead = 0;
    const pause = makePause();
    for await (const frame of decoder.frames(log)) {
      // Between two sampled frames may lie minutes of film, in which nothing else lets messages and signals in.
      await pause();
      options.signal?.throwIfAborted();
      converter.notice(frame);
      const timeSeconds = clock.read(frame);
      const index = grid.take(timeSeconds);
      if (index === null) continue;
      const image = convertOrLog(converter, frame, log);
      if (image === null) continue;
      framesRead += 1;
      yield { ...image, timeSeconds, index };
    }
    if (framesRead === 0 && log.damage !== null)
      throw new MediaError(path, "at least one decodable frame", log.damage.message);
    if (framesRead === 0) throw new MediaError(path, "at least one decodable frame", "none");
    reportShortfall(clock, properties, log);
    return log.damage;
  } finally {
    converter[Symbol.dispose]();
    await decoder[Symbol.asyncDispose]();
  }
}

/** One frame that cannot be converted does not keep the others from being read. */
function convertOrLog(
  converter: RgbConverter,
  frame: Frame,
  log: DamageLog,
): ReturnType<RgbConverter["convert"]> | null {
  try {
    return converter.convert(frame);
  } catch (error) {
    if (!(error instanceof FaceError)) throw error;
    log.add(`a frame that cannot be converted: expected ${error.expected}, received ${error.received}`);
    return null;
  }
}

/** Seconds since the first frame, also for streams without timestamps or with a jump back in them. */
class FrameClock {
  frames = 0;
  lastSeconds = 0;
  #originSeconds: number | null = null;
  readonly #properties: VideoProperties;

  constructor(properties: VideoProperties) {
    this.#properties = properties;
  }

  read(frame: Frame): number {
    const { tickSeconds, frameSeconds } = this.#properties;
    const stamp = frame.bestEffortTimestamp;
    const next = this.frames === 0 ? 0 : this.lastSeconds + frameSeconds;
    this.frames += 1;
    if (stamp === AV_NOPTS_VALUE) {
      this.lastSeconds = next;
      return next;
    }
    const stampSeconds = Number(stamp) * tickSeconds;
    this.#originSeconds ??= stampSeconds;
    if (stampSeconds - this.#originSeconds < this.lastSeconds - RESTART_SECONDS) {
      this.#originSeconds = stampSeconds - next;
    }
    // Where films were joined carelessly, frames overlap; time stands still then, for it must not run backwards.
    this.lastSeconds = Math.max(this.lastSeconds, stampSeconds - this.#originSeconds);
    return this.lastSeconds;
  }
}

function reportShortfall(clock: FrameClock, properties: VideoProperties, log: DamageLog): void {
  const { durationSeconds, frameSeconds } = properties;
  const readSeconds = clock.lastSeconds + frameSeconds;
  const slackSeconds = DURATION_SLACK_SECONDS + DURATION_SLACK_SHARE * durationSeconds;
  if (readSeconds < durationSeconds - slackSeconds) {
    log.add(`it ends at ${readSeconds.toFixed(1)} s of ${durationSeconds.toFixed(1)} s`);
  }
}
