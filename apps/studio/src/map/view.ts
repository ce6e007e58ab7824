import type { Placed } from "./place.ts";

/** Which part of the map is shown: places are scaled, then moved, in the canvas's CSS pixels. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
const MOST_SCALE = 40;

/** The view scaled about a point, which stays where it is. */
export function zoomed(view: View, factor: number, x: number, y: number): View {
  const scale = Math.min(MOST_SCALE, Math.max(1, view.scale * factor));
  const by = scale / view.scale;
  return scale === 1 ? WHOLE : { scale, x: x - (x - view.x) * by, y: y - (y - view.y) * by };
}

export const moved = (view: View, dx: number, dy: number): View => ({
  ...view,
  x: view.x + dx,
  y: view.y + dy,
});

/** Where faces stand in a view. */
export const seenIn = ({ xs, ys }: Placed, { scale, x, y }: View): Placed => ({
  xs: xs.map((value) => value * scale + x),
  ys: ys.map((value) => value * scale + y),
});

/** Faces inside a closed line. @param line its corners @see the even-odd rule */
export function facesInside(
  { xs, ys }: Placed,
  line: readonly (readonly [x: number, y: number])[],
): number[] {
  const isInside = (x: number, y: number) =>
    line.filter(([ax, ay], i) => {
      const [bx, by] = line[(i + 1) % line.length]!;
      return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax;
    }).length %
      2 ===
    1;
  return [...xs.keys()].filter((i) => isInside(xs[i]!, ys[i]!));
}
