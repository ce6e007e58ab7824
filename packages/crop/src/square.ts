/**
 * Which square of a frame becomes the crop. A pure function of the landmarks, the same in Node and in a browser:
 *
 *     box    = bounding box of the 68 landmarks (after turning them level, if eyes are aligned)
 *     side   = scale · max(box.width, box.height)
 *     centre = centre of the box − rise · max(box.width, box.height) towards the top of the head
 *
 * The longer side is taken because a turned head narrows the box and a nod lowers it, but never both; the opening
 * mouth, which lengthens it, is left to the smoothing over the track.
 */

import type { Box, CropSquare } from "./types.ts";

/**
 * VoxCeleb1's face frames are detector boxes enlarged 1.6 times (the "1.6" in its paths), and dlib's box is as large as
 * the landmarks' longer side (0.97 of it in the median over 1,683 frames of 55 clips).
 */
export const SIDE_PER_BOX = 1.6;
/**
 * The landmarks end at the brows; dlib's box, whose centre lies 0.09 higher, takes in some forehead. A tighter square rises
 * less, down to none at the landmarks' own box, so that the chin stays inside.
 */
export const RISE_PER_BOX = 0.09;

/**
 * The square that a face is cropped by.
 * @param landmarks [68, 2] x, y in pixels   @param radians turn of the square; see `eyeAngle`
 * @param scale side of the square in longer sides of the landmarks' box, at least 1
 */
export function squareOfLandmarks(
  landmarks: ArrayLike<number>,
  radians = 0,
  scale: number = SIDE_PER_BOX,
): CropSquare {
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < landmarks.length; i += 2) {
    const x = cos * landmarks[i]! + sin * landmarks[i + 1]!;
    const y = cos * landmarks[i + 1]! - sin * landmarks[i]!;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const extent = Math.max(right - left, bottom - top);
  const x = (left + right) / 2;
  const y = (top + bottom) / 2 - riseOf(scale) * extent;
  return { centerX: cos * x - sin * y, centerY: sin * x + cos * y, side: scale * extent, radians };
}

/** How far the centre of a square rises above the landmarks' own, in longer sides of their box. */
export const riseOf = (scale: number): number => (RISE_PER_BOX * (scale - 1)) / (SIDE_PER_BOX - 1);

/**
 * The square for a face of which a detector gave the box, where nobody placed landmarks. The box is taken as dlib's: as large
 * as the landmarks' longer side, its centre `RISE_PER_BOX` above theirs.
 * @param scale as for `squareOfLandmarks`
 */
export function squareOfBox({ left, top, width, height }: Box, scale: number = SIDE_PER_BOX): CropSquare {
  const extent = Math.max(width, height);
  const landmarksY = top + (height - 1) / 2 + RISE_PER_BOX * extent;
  return {
    centerX: left + (width - 1) / 2,
    centerY: landmarksY - riseOf(scale) * extent,
    side: scale * extent,
    radians: 0,
  };
}

/** The square of a whole image, for faces cropped already; its border is repeated where the image is not square. */
export function squareOfImage(width: number, height: number): CropSquare {
  return { centerX: (width - 1) / 2, centerY: (height - 1) / 2, side: Math.max(width, height), radians: 0 };
}

/** Angle in radians of the line from the image's left eye (36-41) to its right one (42-47); 0 is level. */
export function eyeAngle(landmarks: ArrayLike<number>): number {
  const [leftX, leftY] = meanPoint(landmarks, 36, 42);
  const [rightX, rightY] = meanPoint(landmarks, 42, 48);
  return Math.atan2(rightY - leftY, rightX - leftX);
}

/** Mean of the landmarks `from` to `to`, the latter excluded. */
export function meanPoint(landmarks: ArrayLike<number>, from: number, to: number): [number, number] {
  let x = 0;
  let y = 0;
  for (let i = from; i < to; i++) {
    x += landmarks[2 * i]!;
    y += landmarks[2 * i + 1]!;
  }
  return [x / (to - from), y / (to - from)];
}

/** Landmarks in pixels of the source to pixels of the crop. @returns [68, 2], a new array */
export function toCropPixels(landmarks: Float32Array, square: CropSquare, size: number): Float32Array {
  const scale = size / square.side;
  const cos = Math.cos(square.radians) * scale;
  const sin = Math.sin(square.radians) * scale;
  const result = new Float32Array(landmarks.length);
  for (let i = 0; i < landmarks.length; i += 2) {
    const x = landmarks[i]! - square.centerX;
    const y = landmarks[i + 1]! - square.centerY;
    // The crop's centre lies between pixels, hence (size - 1) / 2.
    result[i] = cos * x + sin * y + (size - 1) / 2;
    result[i + 1] = cos * y - sin * x + (size - 1) / 2;
  }
  return result;
}

/** `toCropPixels` undone: landmarks in pixels of the crop to pixels of the source. @returns [68, 2], a new array */
export function toFramePixels(landmarks: Float32Array, square: CropSquare, size: number): Float32Array {
  const scale = square.side / size;
  const cos = Math.cos(square.radians) * scale;
  const sin = Math.sin(square.radians) * scale;
  const result = new Float32Array(landmarks.length);
  for (let i = 0; i < landmarks.length; i += 2) {
    const u = landmarks[i]! - (size - 1) / 2;
    const v = landmarks[i + 1]! - (size - 1) / 2;
    result[i] = square.centerX + cos * u - sin * v;
    result[i + 1] = square.centerY + sin * u + cos * v;
  }
  return result;
}
