/** Pictures that sharp does not read (BMP, JPEG 2000, HEIC with HEVC, ...), by FFmpeg. */

import sharp from "sharp";
import { MediaError } from "../errors.ts";
import type { RgbImage } from "../types.ts";
import { DamageLog } from "./damage.ts";
import { readHeifGrid } from "./heifGrid.ts";
import { RgbConverter } from "./rgbConverter.ts";
import { readTiles } from "./tiles.ts";
import { VideoDecoder } from "./videoDecoder.ts";

/**
 * The first picture of a file, upright, as `readStill` gives it.
 * @throws MediaError if it cannot be read whole
 */
export async function readPicture(
  path: string,
  maxSide: number,
): Promise<RgbImage & { readonly reduction: number }> {
  const grid = await readHeifGrid(path);
  if (grid !== null) return reduced(await readTiles(path, grid), maxSide);
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

async function reduced(image: RgbImage, maxSide: number): Promise<RgbImage & { readonly reduction: number }> {
  const reduction = Math.max(image.width, image.height) / maxSide;
  if (reduction <= 1) return { ...image, reduction: 1 };
  const { width, height } = image;
  const { data, info } = await sharp(image.data, { raw: { width, height, channels: 3 } })
    .resize({ width: maxSide, height: maxSide, fit: "inside" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { width: info.width, height: info.height, data: bytes, reduction };
}
