/** Boxes in time: overlap, motion, and where dlib's detector would put its box around known landmarks. */

import type { Box } from "../types.ts";

/** Intersection over union, 0 to 1. */
export function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

/** Grows a box by `share` of its size on every side. */
export function grow(box: Box, share: number): Box {
  const dx = box.width * share;
  const dy = box.height * share;
  return { left: box.left - dx, top: box.top - dy, width: box.width + 2 * dx, height: box.height + 2 * dy };
}

export function shift(box: Box, dx: number, dy: number): Box {
  return { ...box, left: box.left + dx, top: box.top + dy };
}

/** The same place in a frame of another size. */
export function rescale(box: Box, scaleX: number, scaleY: number): Box {
  return {
    left: box.left * scaleX,
    top: box.top * scaleY,
    width: box.width * scaleX,
    height: box.height * scaleY,
  };
}

/** Bounding box of landmarks, [68, 2]. */
export function landmarkBox(landmarks: Float32Array): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < landmarks.length; i += 2) {
    left = Math.min(left, landmarks[i]!);
    right = Math.max(right, landmarks[i]!);
    top = Math.min(top, landmarks[i + 1]!);
    bottom = Math.max(bottom, landmarks[i + 1]!);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** Side of the longer edge. */
export function extentOf(box: Box): number {
  return Math.max(box.width, box.height);
}
