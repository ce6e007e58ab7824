import type { MappedFace } from "duchenne/studio";

/** Where faces stand on a canvas, [n], in its CSS pixels. */
export interface Placed {
  readonly xs: Float32Array;
  readonly ys: Float32Array;
}

const MARGIN = 24;

/** Fits the map into a canvas, its aspect kept. */
export function placeFaces(faces: readonly MappedFace[], width: number, height: number): Placed {
  const extent = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  const [left, right] = extent(faces.map(({ x }) => x));
  const [top, bottom] = extent(faces.map(({ y }) => y));
  const scale = Math.min(
    (width - 2 * MARGIN) / (right - left || 1),
    (height - 2 * MARGIN) / (bottom - top || 1),
  );
  return {
    xs: Float32Array.from(faces, ({ x }) => width / 2 + (x - (left + right) / 2) * scale),
    ys: Float32Array.from(faces, ({ y }) => height / 2 + (y - (top + bottom) / 2) * scale),
  };
}

/** The face nearest to a point, if it is near enough to be meant. @param reach pixels */
export function faceAt({ xs, ys }: Placed, x: number, y: number, reach: number): number | null {
  let [nearest, least] = [-1, reach ** 2];
  for (let i = 0; i < xs.length; i++) {
    const distance = (xs[i]! - x) ** 2 + (ys[i]! - y) ** 2;
    if (distance <= least) [nearest, least] = [i, distance];
  }
  return nearest < 0 ? null : nearest;
}

/**
 * The next face in some direction, for the arrow keys: the nearest among those that lie more that way than aside.
 * @param dx -1, 0 or 1   @param dy the same, down positive
 */
export function faceTowards({ xs, ys }: Placed, from: number, dx: number, dy: number): number | null {
  let [next, least] = [-1, Number.POSITIVE_INFINITY];
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = [xs[i]! - xs[from]!, ys[i]! - ys[from]!];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (along <= 0.5 || aside > along || x ** 2 + y ** 2 >= least) continue;
    [next, least] = [i, x ** 2 + y ** 2];
  }
  return next < 0 ? null : next;
}
