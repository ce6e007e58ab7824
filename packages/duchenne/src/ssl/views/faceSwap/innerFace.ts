import type { Box } from "../images/box.ts";
import { convexHull } from "./convexHull.ts";
import { mapPoints, type Similarity } from "./similarity.ts";

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** Whose hulls are carried over, in dlib's order: 17-26 and 36-47, brows and eyes; 27-34 and 48-60, nose and outer lips. */
const PARTS = [
  [...range(17, 27), ...range(36, 48)],
  [...range(27, 35), ...range(48, 61)],
] as const;
/** A landmark is a pixel, not a point: hulls reach half a pixel beyond, along rows and columns. */
const HALF_PIXEL = 0.5;
/** Keeps pixels that lie on an edge, whatever the rounding. */
const EDGE_TOLERANCE = 1e-4;

/** The outlines of a face's inner parts, in its own image's pixels. @param landmarks [68 · 2] */
export function innerFaceOutlines(landmarks: Float32Array): Float64Array[] {
  return PARTS.map((part) => {
    const points = new Float64Array(2 * part.length);
    part.forEach((landmark, i) => {
      points[2 * i] = landmarks[2 * landmark]!;
      points[2 * i + 1] = landmarks[2 * landmark + 1]!;
    });
    return convexHull(grown(convexHull(points)));
  });
}

/** Each point as the four corners of a diamond around it. */
function grown(points: Float64Array): Float64Array {
  const corners = new Float64Array(4 * points.length);
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i]!;
    const y = points[i + 1]!;
    corners.set([x - HALF_PIXEL, y, x + HALF_PIXEL, y, x, y - HALF_PIXEL, x, y + HALF_PIXEL], 4 * i);
  }
  return corners;
}

/**
 * Sets the pixels of a convex outline to 1, row by row.
 * @param mask [size · size], painted into   @param outline [m · 2] corners in order, pixels
 * @returns the box painted; empty if the outline lies outside
 */
export function paintConvex(mask: Uint8Array, size: number, outline: Float64Array): Box {
  const first = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < outline.length; i += 2) {
    traceEdge(first, last, outline, i, (i + 2) % outline.length);
  }
  let [top, bottom, left, right] = [size, 0, size, 0];
  for (let y = 0; y < size; y++) {
    const from = Math.max(0, Math.ceil(first[y]! - EDGE_TOLERANCE));
    const to = Math.min(size, Math.floor(last[y]! + EDGE_TOLERANCE) + 1);
    if (from >= to) continue;
    mask.fill(1, y * size + from, y * size + to);
    top = Math.min(top, y);
    bottom = y + 1;
    left = Math.min(left, from);
    right = Math.max(right, to);
  }
  return { top, bottom, left, right };
}

/** Widens the rows that an edge crosses. */
function traceEdge(
  first: Float64Array,
  last: Float64Array,
  outline: Float64Array,
  i: number,
  j: number,
): void {
  const [x0, y0, x1, y1] = [outline[i]!, outline[i + 1]!, outline[j]!, outline[j + 1]!];
  const [above, below] = [Math.min(y0, y1), Math.max(y0, y1)];
  const end = Math.min(first.length - 1, Math.floor(below + EDGE_TOLERANCE));
  for (let y = Math.max(0, Math.ceil(above - EDGE_TOLERANCE)); y <= end; y++) {
    const along = Math.min(below, Math.max(above, y)) - y0;
    // A level edge: its ends belong to its neighbours as well.
    const x = y0 === y1 ? x0 : x0 + (along * (x1 - x0)) / (y1 - y0);
    first[y] = Math.min(first[y]!, x);
    last[y] = Math.max(last[y]!, x);
  }
}

/**
 * Sets to 0 the pixels of a box whose source lies outside the image they are sampled from.
 * @param toSource pixels of the mask to pixels of the source, which has the mask's size
 */
export function eraseUnsampled(mask: Uint8Array, size: number, box: Box, toSource: Similarity): void {
  const isInside = (x: number, y: number) => {
    const [u, v] = mapPoints(toSource, Float64Array.of(x, y));
    return Math.min(u!, v!) >= 0 && Math.max(u!, v!) <= size - 1;
  };
  const [right, bottom] = [box.right - 1, box.bottom - 1];
  const isWholeInside = [box.left, right].every((x) => isInside(x, box.top) && isInside(x, bottom));
  if (isWholeInside) return;
  for (let y = box.top; y <= bottom; y++) {
    for (let x = box.left; x <= right; x++) if (!isInside(x, y)) mask[y * size + x] = 0;
  }
}
