import type { MappedFace } from "duchenne/studio";

/** Where faces stand on a canvas, [n], in its CSS pixels. */
export interface Placed {
  readonly xs: Float32Array;
  readonly ys: Float32Array;
}

const MARGIN = 24;

/** The least and the largest of some numbers. */
export function extentOf(values: readonly number[]): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

type Point = Pick<MappedFace, "x" | "y">;

/**
 * Turns a map, or mirrors it, so that its faces come to lie nearest to those of another map of the same faces: UMAP puts no map
 * the right way up.
 * @see Schönemann 1966, doi:10.1007/BF02289451, in the plane, without the scale
 */
export function alignedTo<T extends Point>(faces: readonly T[], target: readonly Point[]): T[] {
  const mean = (points: readonly Point[], axis: "x" | "y") =>
    points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [mx, my, tx, ty] = [mean(faces, "x"), mean(faces, "y"), mean(target, "x"), mean(target, "y")];
  const turns = ([1, -1] as const).map((flip) => {
    let [along, across] = [0, 0];
    for (const [i, { x, y }] of faces.entries()) {
      const [ax, ay] = [flip * (x - mx), y - my];
      const [bx, by] = [target[i]!.x - tx, target[i]!.y - ty];
      along += ax * bx + ay * by;
      across += ax * by - ay * bx;
    }
    return { flip, along, across, size: Math.hypot(along, across) };
  });
  const best = turns[0]!.size >= turns[1]!.size ? turns[0]! : turns[1]!;
  if (best.size === 0) return [...faces];
  const [cosine, sine] = [best.along / best.size, best.across / best.size];
  return faces.map((face) => {
    const [x, y] = [best.flip * (face.x - mx), face.y - my];
    return { ...face, x: cosine * x - sine * y, y: sine * x + cosine * y };
  });
}

/** Fits the map into a canvas, its aspect kept. */
export function placeFaces(faces: readonly Point[], width: number, height: number): Placed {
  const [left, right] = extentOf(faces.map(({ x }) => x));
  const [top, bottom] = extentOf(faces.map(({ y }) => y));
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
