/** Frames with faces for the parity tests: of synthetic actors always, and of real people if DUCHENNE_CLIPS names their clips. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  detectFaces,
  LandmarkModel,
  mediaKindOfName,
  type RgbImage,
  readFrames,
  readStill,
  toGrey,
} from "@duchenne/face";
import sharp from "sharp";
import { isImage, walk } from "../../../src/data/datasets/walk.ts";

/** Real people are not part of the repository: DUCHENNE_CLIPS names a folder of their clips, and it has to be there if it is set. */
const REAL_CLIPS = process.env.DUCHENNE_CLIPS;
export const hasRealClips = REAL_CLIPS !== undefined;

/** A picture as a file, with one face in it. */
export interface ParityFrame {
  readonly file: string;
  /** [68, 2] in pixels of the file. */
  readonly landmarks: Float32Array;
}

const LARGEST = 4096;

/** The surest face of each picture; pictures without one are left out. */
export async function locate(files: readonly string[]): Promise<ParityFrame[]> {
  const model = await LandmarkModel.load();
  const frames: ParityFrame[] = [];
  for (const file of files) {
    const grey = toGrey(await readStill(file, LARGEST));
    const [face] = await detectFaces(grey);
    if (face) frames.push({ file, landmarks: (await model.place(grey, [face.box]))[0]! });
  }
  return frames;
}

/** Stills of synthetic actors. */
export const stillFrames = (folder: string): Promise<ParityFrame[]> => locate(filesUnder(folder, isImage));

export function filesUnder(root: string, matches: (name: string) => boolean): string[] {
  const folders = walk(root, (problem) => {
    throw problem;
  });
  return [...folders].flatMap(({ path, files }) => files.filter(matches).map((name) => join(path, name)));
}

/** Two frames of every real clip as JPEG files in `folder`. */
export async function realFrames(folder: string): Promise<ParityFrame[]> {
  mkdirSync(folder, { recursive: true });
  const clips = filesUnder(REAL_CLIPS!, (name) => mediaKindOfName(name) === "film");
  const files: string[] = [];
  for (const [i, clip] of clips.entries()) {
    const options = { fps: 1, threads: 1, maxSide: LARGEST, strict: false };
    const frames = readFrames({ kind: "video", path: clip }, options);
    for await (const frame of frames) {
      files.push(await writeJpeg(frame, join(folder, `${i}-${frame.index}.jpg`)));
      if (frame.index >= 1) break;
    }
  }
  return locate(files);
}

async function writeJpeg({ data, width, height }: RgbImage, file: string): Promise<string> {
  await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95 })
    .toFile(file);
  return file;
}
