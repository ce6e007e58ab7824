import type { Box } from "./faceNetworks.ts";

/** The box around landmarks. @param landmarks [136] x, y */
export function boxOf(landmarks: ArrayLike<number>): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < landmarks.length; i += 2) {
    left = Math.min(left, landmarks[i]!);
    right = Math.max(right, landmarks[i]!);
    top = Math.min(top, landmarks[i + 1]!);
    bottom = Math.max(bottom, landmarks[i + 1]!);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** A square around a box, `scale` times its longer side. */
export function squareAround({ left, top, width, height }: Box, scale: number): Box {
  const side = scale * Math.max(width, height);
  return { left: left + (width - side) / 2, top: top + (height - side) / 2, width: side, height: side };
}

/** Area shared, as a share of the area covered. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** @param points [136] x, y of a picture `side` pixels wide   @returns the same in the pixels of the square it was cut from */
export const fromSquare = (points: Float32Array, square: Box, side: number): Float32Array =>
  points.map((value, i) => (i % 2 === 0 ? square.left : square.top) + (value * square.width) / side);
