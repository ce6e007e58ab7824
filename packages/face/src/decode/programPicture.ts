/** Pictures that sharp does not read, by the system's ffmpeg. */

import { MediaError } from "../errors.ts";
import type { RgbImage } from "../types.ts";
import { readHeifGrid } from "./heifGrid.ts";
import { readVideoByProgram } from "./programVideo.ts";

/**
 * The first picture of a file, upright, as `readStill` gives it.
 * @throws MediaError if it cannot be read whole
 */
export async function readPictureByProgram(
  path: string,
  maxSide: number,
): Promise<RgbImage & { readonly reduction: number }> {
  if ((await readHeifGrid(path)) !== null)
    throw new MediaError(
      path,
      "a picture in one piece, or node-av installed",
      "a picture of tiles, as phones write them, which the program ffmpeg gives one by one; npm install node-av reads it",
    );
  const frames = readVideoByProgram(path, { fps: "all", threads: 1, maxSide, strict: true });
  for await (const { width, height, data, reduction } of frames) return { width, height, data, reduction };
  throw new MediaError(path, "a decodable picture", "none");
}
