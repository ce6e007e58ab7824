/** Boxes in time: motion, and where dlib's detector would put its box around known landmarks. */

import type { Box } from "../types.ts";

/** Grows a box by `share` of its size on every side. */
export function grow(box: Box, share: number): Box {
  const dx = box.width * share;
  const dy = box.height * share;
  return { left: box.left - dx, top: box.top - dy, width: box.width + 2 * dx, height: box.height + 2 * dy };
}

/** A box moved by `dx` and `dy` pixels. */
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

/** Side of the longer edge. */
export function extentOf(box: Box): number {
  return Math.max(box.width, box.height);
}
