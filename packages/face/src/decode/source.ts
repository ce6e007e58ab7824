/** One entrance for the three kinds of source. */

import { VOXCELEB_FPS } from "../options.ts";
import type { FaceSource } from "../types.ts";
import { decodingFault } from "./fault.ts";
import { byFfmpeg } from "./ffmpeg.ts";
import {
  type DecodeOptions,
  type FrameStream,
  type ResolvedDecodeOptions,
  resolveDecodeOptions,
} from "./options.ts";
import { readFrameFolder, readStillAsClip } from "./stills.ts";

/**
 * Sampled frames of a source, in order of time.
 * @throws FaceError for an unknown or wrong option; MediaError naming the file, whatever goes wrong with it; the signal's reason
 */
export async function* readFrames(source: FaceSource, options: DecodeOptions = {}): FrameStream {
  const resolved = resolveDecodeOptions(options);
  try {
    return yield* open(source, resolved);
  } catch (error) {
    throw resolved.signal?.aborted ? error : decodingFault(source.path, error);
  }
}

function open(source: FaceSource, options: ResolvedDecodeOptions): FrameStream {
  switch (source.kind) {
    case "video":
      return readVideoFile(source.path, options);
    case "frames":
      return readFrameFolder(source.path, source.frameRateHz ?? VOXCELEB_FPS, options);
    case "still":
      return readStillAsClip(source.path, options);
  }
}

/** FFmpeg is loaded for the first video, and not by a program that reads none. */
async function* readVideoFile(path: string, options: ResolvedDecodeOptions): FrameStream {
  const read = await byFfmpeg({
    inProcess: async () => (await import("./video.ts")).readVideo,
    byProgram: async () => (await import("./programVideo.ts")).readVideoByProgram,
  });
  return yield* read(path, options);
}
