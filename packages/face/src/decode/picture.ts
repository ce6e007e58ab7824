/** Pictures that sharp does not read (BMP, JPEG 2000, HEIC with HEVC, ...), by FFmpeg. */

import { MediaError } from "../errors.ts";
import type { RgbImage } from "../types.ts";
import { DamageLog } from "./damage.ts";
import { RgbConverter } from "./rgb_converter.ts";
import { VideoDecoder } from "./video_decoder.ts";

/**
 * The first picture of a file, upright, as `readStill` gives it.
 * @throws MediaError if it cannot be read whole
 */
export async function readPicture(
  path: string,
  maxSide: number,
): Promise<RgbImage & { readonly reduction: number }> {
  const log = new DamageLog(path, "an undamaged picture", true);
  const decoder = await VideoDecoder.open(path, 1);
  const converter = new RgbConverter({ ...decoder.properties, maxSide });
  try {
    for await (const frame of decoder.frames(log)) {
      converter.notice(frame);
      return converter.convert(frame);
    }
    throw new MediaError(path, "a decodable picture", "none");
  } finally {
    converter[Symbol.dispose]();
    await decoder[Symbol.asyncDispose]();
  }
}
