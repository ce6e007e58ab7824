/** Sampled frames of a video file. */

import { AV_NOPTS_VALUE } from "node-av/constants";
import type { Frame } from "node-av/lib";
import { FaceError, MediaError } from "../errors.ts";
import { FrameClock } from "./clock.ts";
import { DamageLog } from "./damage.ts";
import { samplerFor } from "./grid.ts";
import type { FrameStream, ResolvedDecodeOptions } from "./options.ts";
import { makePause } from "./pause.ts";
import { RgbConverter } from "./rgbConverter.ts";
import { VideoDecoder, type VideoProperties } from "./videoDecoder.ts";

/**
 * Frames of any video FFmpeg reads: all of them, or one per cell of the sampling grid, the first frame at or after `k / fps`
 * seconds, counted from the first frame. Display rotation and pixel shape are applied. Memory does not grow with length.
 * @throws MediaError if nothing can be read, or at the first damage with `strict`
 */
export async function* readVideo(path: string, options: ResolvedDecodeOptions): FrameStream {
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
      const timeSeconds = clock.read(stampSeconds(frame, properties));
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
    clock.reportShortfall(log);
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

/** A frame's timestamp in seconds, or null. */
function stampSeconds(frame: Frame, { tickSeconds }: VideoProperties): number | null {
  const stamp = frame.bestEffortTimestamp;
  return stamp === AV_NOPTS_VALUE ? null : Number(stamp) * tickSeconds;
}
