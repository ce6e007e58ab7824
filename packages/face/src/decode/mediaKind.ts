/** One table of the endings of media files, for all commands; and what of it a file's content decides. */

import { extname } from "node:path";
import { isAnimated } from "./animation.ts";

/** A picture, or something that has frames in time. */
export type MediaKind = "image" | "film";

/** What a file is by its ending. `either` are pictures, most of them; some hold an animation, as their content says. */
const KINDS: Readonly<Record<MediaKind | "either", string>> = {
  image: "jpg jpeg jpe jfif tif tiff bmp dib jp2 j2k j2c jpc jpx jpf jxl tga ppm pgm pbm pnm",
  either: "png webp gif avif heic heif hif",
  film:
    "mp4 m4v mp4v mov qt avi divx mkv mk3d webm mpg mpeg mpe m1v m2v vob ts mts m2ts m2t tod mod wmv asf flv f4v 3gp 3g2 " +
    "ogv ogm mxf dv rm rmvb wtv nut ivf y4m mjpg mjpeg h264 264 h265 265 hevc apng avifs heifs heics",
};

const BY_ENDING: ReadonlyMap<string, MediaKind | "either"> = new Map(
  (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) =>
    KINDS[kind].split(" ").map((ending) => [`.${ending}`, kind] as const),
  ),
);

/** What the ending of a name says, without a look at the file; undefined for a name that no medium has. */
export function mediaKindOfName(name: string): MediaKind | undefined {
  const kind = BY_ENDING.get(extname(name).toLowerCase());
  return kind === "either" ? "image" : kind;
}

/**
 * What a file is: its ending decides, and where pictures and animations share one (.gif, .webp, .png, .avif, .heic),
 * its content. Undefined for an ending that no medium has.
 */
export function mediaKindOf(path: string): MediaKind | undefined {
  const kind = BY_ENDING.get(extname(path).toLowerCase());
  if (kind !== "either") return kind;
  return isAnimated(path) ? "film" : "image";
}

/** True for files that may hold an animation, though their ending is that of a picture. */
export function mayBeAnimated(name: string): boolean {
  return BY_ENDING.get(extname(name).toLowerCase()) === "either";
}
