/** One entrance for the three kinds of source. */

import type { FaceSource } from "../types.ts";
import type { DecodeOptions, FrameStream } from "./options.ts";
import { readFrameFolder, readStillAsClip } from "./stills.ts";
import { readVideo } from "./video.ts";

/** Frame rate of VoxCeleb1's face frames in Hz, the default everywhere. */
export const VOXCELEB_FPS = 25 / 6;

/** Sampled frames of a source, in order of time. @throws MediaError as the readers do */
export function readFrames(source: FaceSource, options: DecodeOptions): FrameStream {
  switch (source.kind) {
    case "video":
      return readVideo(source.path, options);
    case "frames":
      return readFrameFolder(source.path, source.frameRateHz ?? VOXCELEB_FPS, options);
    case "still":
      return readStillAsClip(source.path, options);
  }
}
