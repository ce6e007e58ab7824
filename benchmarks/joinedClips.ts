/** Films joined from clips of two people, with the place of each person in each frame. */

import {
  type CropSquare,
  cropImage,
  extractFaces,
  type FaceCrop,
  type FrameStream,
  type RgbImage,
  readFrames,
  type SampledFrame,
} from "@duchenne/face";

/** Sampled frames taken of each clip. */
export const FRAMES = 6;
const RATE_HZ = 25 / 6;
const MAX_SIDE = 320;
/** Side of the heads that are pasted, and their surroundings, in sides of the crop. */
const HEAD = { pixels: 150, surroundings: 1.1 };
/** Share of a pasted head's side over which it fades out. */
const FEATHER = 0.08;

/** Some frames in a row of one clip, and the square of the person's face in each. */
export interface Shot {
  readonly name: string;
  readonly person: string;
  readonly images: readonly RgbImage[];
  readonly squares: readonly CropSquare[];
}

/** Where somebody's face is. */
export interface Presence {
  readonly person: string;
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** A frame of a joined film. */
export interface JoinedFrame {
  readonly image: RgbImage;
  readonly present: readonly Presence[];
}

/** The first frames in which the clip's only track is in each; null if there are none. */
export async function readShot(path: string, name: string, person: string): Promise<Shot | null> {
  const faces: FaceCrop[] = [];
  const options = { maxFramePixels: MAX_SIDE, minSharpness: 0, maxYawDegrees: 90 };
  for await (const face of extractFaces({ kind: "video", path }, options)) faces.push(face);
  const inRow = (i: number) =>
    faces
      .slice(i, i + FRAMES)
      .every((face, k) => face.track === 0 && face.frameIndex === faces[i]!.frameIndex + k);
  const start = faces.findIndex((_, i) => i + FRAMES <= faces.length && inRow(i));
  if (start < 0) return null;
  const chosen = faces.slice(start, start + FRAMES);
  const images: RgbImage[] = [];
  const settings = { fps: RATE_HZ, threads: 1, maxSide: MAX_SIDE, strict: false };
  for await (const frame of readFrames({ kind: "video", path }, settings))
    if (chosen.some(({ frameIndex }) => frameIndex === frame.index)) images.push(frame);
  return { name, person, images, squares: chosen.map(({ square }) => square) };
}

/** The frames of a joined film, as `followFaces` takes them. */
export async function* streamOf(frames: readonly JoinedFrame[]): FrameStream {
  for (const [index, { image }] of frames.entries()) {
    const frame: SampledFrame = { ...image, index, timeSeconds: index / RATE_HZ, reduction: 1 };
    yield frame;
  }
  return null;
}

/** All of a shot as it is, brought to the size of `like`. */
export function whole(shot: Shot, like: RgbImage = shot.images[0]!): JoinedFrame[] {
  return shot.images.map((image, i) => {
    const canvas = plain(like.width, like.height);
    const scale = Math.min(like.width / image.width, like.height / image.height);
    const [width, height] = [Math.floor(image.width * scale), Math.floor(image.height * scale)];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        copyPixel(image, Math.floor(x / scale), Math.floor(y / scale), canvas, x, y, 1);
    return { image: canvas, present: [presenceOf(shot, shot.squares[i]!, scale)] };
  });
}

const presenceOf = ({ person }: Shot, { centerX, centerY, side }: CropSquare, scale: number): Presence => ({
  ...{ person, x: centerX * scale, y: centerY * scale, side: side * scale },
});

/** The heads of a shot, cut out. */
export function headsOf(shot: Shot): RgbImage[] {
  return shot.images.map((image, i) => {
    const square = shot.squares[i]!;
    return cropImage(image, { ...square, side: square.side * HEAD.surroundings, radians: 0 }, HEAD.pixels);
  });
}

/** A canvas of one grey. */
export function plain(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3).fill(128) };
}

/** Draws a head, `side` pixels large, around a place of a copy of the frame. */
export function paste(frame: JoinedFrame, head: RgbImage, at: Presence): JoinedFrame {
  const { width, height } = frame.image;
  const image = { width, height, data: frame.image.data.slice() };
  const full = at.side * HEAD.surroundings;
  const [left, top] = [Math.round(at.x - full / 2), Math.round(at.y - full / 2)];
  for (let y = 0; y < full; y++) {
    for (let x = 0; x < full; x++) {
      const edge = Math.min(x, y, full - 1 - x, full - 1 - y) / full;
      const share = Math.min(1, (edge + 0.5 / full) / FEATHER);
      const [u, v] = [Math.floor((x * head.width) / full), Math.floor((y * head.height) / full)];
      copyPixel(head, u, v, image, left + x, top + y, share);
    }
  }
  return { image, present: [...frame.present, at] };
}

function copyPixel(
  from: RgbImage,
  u: number,
  v: number,
  to: RgbImage,
  x: number,
  y: number,
  share: number,
): void {
  if (x < 0 || y < 0 || x >= to.width || y >= to.height) return;
  const [source, target] = [3 * (v * from.width + u), 3 * (y * to.width + x)];
  for (let i = 0; i < 3; i++)
    to.data[target + i] = share * from.data[source + i]! + (1 - share) * to.data[target + i]!;
}

/** The last frame of a shot with nobody in it: the head is covered by the colour around it. */
export function emptied(shot: Shot): JoinedFrame {
  const image = shot.images.at(-1)!;
  const square = shot.squares.at(-1)!;
  const x = Math.max(0, Math.round(square.centerX - 0.6 * square.side));
  const y = Math.min(image.height - 1, Math.max(0, Math.round(square.centerY - 0.3 * square.side)));
  const colour = image.data.subarray(3 * (y * image.width + x), 3 * (y * image.width + x) + 3);
  const cover = { width: 1, height: 1, data: Uint8Array.from(colour) };
  const at = { ...presenceOf(shot, square, 1), person: "nobody" };
  return { ...paste({ image, present: [] }, cover, { ...at, side: 1.3 * at.side }), present: [] };
}
