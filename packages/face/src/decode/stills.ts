/** Still images, alone or as the frames of a clip: by sharp, or by FFmpeg what sharp does not know. */

import { join } from "node:path";
import type { Metadata, Sharp } from "sharp";
import { MediaError } from "../errors.ts";
import type { RgbImage } from "../types.ts";
import { isAnimated } from "./animation.ts";
import { DamageLog } from "./damage.ts";
import { decodingFault } from "./fault.ts";
import { byFfmpeg } from "./ffmpeg.ts";
import { samplerFor } from "./grid.ts";
import { mediaKindOfName } from "./mediaKind.ts";
import type { FrameStream, ResolvedDecodeOptions } from "./options.ts";
import { listFolder, requireFile } from "./readable.ts";

const naturalOrder = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

type Still = RgbImage & { readonly reduction: number };

/** A picture of a file, and what of the file was not read: other pages, or the rest of an animation. */
interface ReadStill {
  readonly image: Still;
  readonly unread: string | null;
}

/**
 * One image, upright (EXIF orientation applied), without alpha, 8 bits.
 * @param maxSide larger images are reduced to this longer side, in pixels
 * @returns the image, and how many pixels of the file one of its pixels stands for
 * @throws MediaError if it cannot be read whole
 */
export async function readStill(path: string, maxSide: number): Promise<Still> {
  return (await readFirst(path, maxSide)).image;
}

async function readFirst(path: string, maxSide: number): Promise<ReadStill> {
  await requireFile(path);
  const { default: sharp } = await import("sharp");
  const image = sharp(path, { failOn: "truncated" });
  const known = await image.metadata().catch(() => null);
  // sharp's own libheif reads the headers of HEVC, but has no decoder for it.
  if (known === null || known.compression === "hevc")
    return { image: await readByFfmpeg(path, maxSide), unread: null };
  return { image: await decode(image, known, path, maxSide), unread: unreadOf(known, path) };
}

/** libvips counts the pictures of all formats but PNG's. */
function unreadOf({ pages = 1, format }: Metadata, path: string): string | null {
  if (pages > 1) return `only the first of ${pages} pictures is read`;
  return format === "png" && isAnimated(path) ? "only the first picture of the animation is read" : null;
}

async function decode(image: Sharp, { autoOrient }: Metadata, path: string, maxSide: number): Promise<Still> {
  try {
    const { data, info } = await image
      .autoOrient()
      .resize({ width: maxSide, height: maxSide, fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.length),
      reduction: Math.max(1, Math.max(autoOrient.width, autoOrient.height) / maxSide),
    };
  } catch (error) {
    const received = error instanceof Error ? error.message : String(error);
    throw new MediaError(path, "an image that sharp reads", received, { cause: error });
  }
}

async function readByFfmpeg(path: string, maxSide: number): Promise<Still> {
  const readPicture = await byFfmpeg({
    inProcess: async () => (await import("./picture.ts")).readPicture,
    byProgram: async () => (await import("./programPicture.ts")).readPictureByProgram,
  });
  try {
    return await readPicture(path, maxSide);
  } catch (error) {
    const fault = decodingFault(path, error);
    if (!(fault instanceof MediaError)) throw fault;
    throw new MediaError(path, "an image that sharp or FFmpeg reads", fault.received, { cause: fault });
  }
}

/** Image files of a folder in natural order (`2.jpg` before `10.jpg`), hidden ones left out. */
export async function listFrames(folder: string): Promise<string[]> {
  const names = await listFolder(folder);
  const images = names.filter((name) => mediaKindOfName(name) === "image" && !name.startsWith("."));
  // Names that differ in case or leading zeros alone compare equal: plain order decides then, for it must be one order.
  return images.sort((a, b) => naturalOrder.compare(a, b) || (a < b ? -1 : 1));
}

/** One frame at time 0. @throws MediaError if the image cannot be read */
export async function* readStillAsClip(path: string, options: ResolvedDecodeOptions): FrameStream {
  options.signal?.throwIfAborted();
  const log = new DamageLog(path, "a file with one picture", options.strict);
  const { image, unread } = await readFirst(path, options.maxSide);
  if (unread !== null) log.add(unread);
  yield { ...image, timeSeconds: 0, index: 0 };
  return log.damage;
}

/**
 * The frames of one clip from a folder, `1 / frameRateHz` seconds apart. Files that cannot be read are counted.
 * @throws MediaError if the folder cannot be read or holds no readable image, or at the first bad one with `strict`
 */
export async function* readFrameFolder(
  folder: string,
  frameRateHz: number,
  options: ResolvedDecodeOptions,
): FrameStream {
  const names = await listFrames(folder);
  if (names.length === 0) throw new MediaError(folder, "a folder with images", "no image in it");
  const log = new DamageLog(folder, "readable images", options.strict);
  const grid = samplerFor(options.fps, 0);
  let readable = 0;
  for (const [i, name] of names.entries()) {
    options.signal?.throwIfAborted();
    const timeSeconds = i / frameRateHz;
    const index = grid.take(timeSeconds);
    if (index === null) continue;
    const image = await readOrLog(join(folder, name), options.maxSide, log);
    if (image === null) continue;
    readable += 1;
    yield { ...image, timeSeconds, index };
  }
  if (readable === 0)
    throw new MediaError(folder, "at least one readable image", log.damage?.message ?? "none");
  return log.damage;
}

async function readOrLog(path: string, maxSide: number, log: DamageLog): Promise<Still | null> {
  try {
    const { image, unread } = await readFirst(path, maxSide);
    if (unread !== null) log.add(`${path}: ${unread}`);
    return image;
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    log.add(error.message);
    return null;
  }
}
