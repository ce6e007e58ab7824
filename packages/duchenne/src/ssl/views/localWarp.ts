/**
 * A smooth warp of the eyes or of the mouth: the same picture with another expression.
 * @module
 */
import { ops, scope, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { type BatchShape, rowCount } from "../sampling/batch.ts";
import { type PartPlace, partPlaces, WARP_PARTS } from "./facePlaces.ts";
import { parts } from "./images/parts.ts";
import { type Drawn, perImage, rowIndex } from "./images/rows.ts";

const POINTS = 68;
const COORDINATES = POINTS * 2;

/** How far a warp reaches, in half sizes of its part. */
const REACH = 2.2;
/** A closed eye or mouth is a line: its half height counts as at least this share of its half width. */
const LEAST_HEIGHT = 0.5;
/** Least and greatest strength of each way to change a part. Below the least, it would still be the same expression. */
const STRENGTHS = { stretchX: [0.1, 0.3], stretchY: [0.4, 0.7], bend: [0.3, 0.6] } as const;

/**
 * A change of one place. The pixel at (x, y) shows what was at (x + dx, y + dy), with w = (1 − ρ²)², ρ the distance from the centre in
 * units of the reach, t = (x − centre) / half width:
 * dx = w · stretchX · (x − centre x), dy = w · (stretchY · (y − centre y) + bend · reach y · (t² − ½)).
 */
export interface Warp {
  /** One for the mouth, two for the eyes with their brows, which change alike. */
  readonly places: readonly PartPlace[];
  readonly stretchX: number;
  readonly stretchY: number;
  readonly bend: number;
}

/** What `sample` drew, for `apply`. */
export interface WarpDraw {
  /** [rows] */
  readonly warps: Drawn<Warp>;
  /** [rows, 68, 2] the batch's, those of warped rows moved with their pictures. */
  readonly landmarks: Float32Array;
}

/**
 * Draws a warp for each clip whose hard negatives are warped pictures: of the eyes or of the mouth, as likely, each strength in either
 * direction. Its two hard-negative rows get the same one, each about its own face.
 * @param landmarks [rows, 68, 2] x, y in pixels of the frames; NaN if there are none: the part is then taken to be where
 * `prepare` puts it by default
 * @param side of the frames, pixels   @param warped [clips] 0 or 1
 * @see ContraWarping, arXiv:2303.09034
 */
export function sample(
  { clips, layout }: BatchShape,
  landmarks: Float32Array,
  side: number,
  warped: Uint8Array | undefined,
  rng: Random,
): WarpDraw {
  const warps: (Warp | null)[] = new Array(rowCount({ clips, layout })).fill(null);
  if (layout !== "quadruples" || !warped?.includes(1)) return { warps, landmarks };
  const moved = landmarks.slice();
  for (let clip = 0; clip < clips; clip++) {
    if (warped[clip] !== 1) continue;
    const part = rng.choice(WARP_PARTS);
    const strengths = drawStrengths(rng);
    for (const row of [clips + clip, 3 * clips + clip]) {
      const face = moved.subarray(row * COORDINATES, (row + 1) * COORDINATES);
      const warp = { places: partPlaces(part, face, side), ...strengths };
      warps[row] = warp;
      movePoints(face, warp);
    }
  }
  return { warps, landmarks: moved };
}

function drawStrengths(rng: Random): Pick<Warp, keyof typeof STRENGTHS> {
  const draw = ([least, greatest]: readonly [number, number]) =>
    (rng.chance(0.5) ? 1 : -1) * rng.uniform(least, greatest);
  const [stretchX, stretchY, bend] = [STRENGTHS.stretchX, STRENGTHS.stretchY, STRENGTHS.bend].map(draw);
  return { stretchX: stretchX!, stretchY: stretchY!, bend: bend! };
}

const reachX = ({ halfWidth }: PartPlace): number => REACH * halfWidth;
const reachY = ({ halfWidth, halfHeight }: PartPlace): number =>
  REACH * Math.max(halfHeight, LEAST_HEIGHT * halfWidth);

/** Where a pixel's picture is taken from, less the pixel. */
export function displacement({ places, ...warp }: Warp, x: number, y: number): [dx: number, dy: number] {
  let [dx, dy] = [0, 0];
  for (const place of places) {
    const [fromX, fromY] = [x - place.x, y - place.y];
    const w = Math.max(0, 1 - (fromX / reachX(place)) ** 2 - (fromY / reachY(place)) ** 2) ** 2;
    dx += w * warp.stretchX * fromX;
    dy += w * (warp.stretchY * fromY + warp.bend * reachY(place) * ((fromX / place.halfWidth) ** 2 - 0.5));
  }
  return [dx, dy];
}

/** Half steps towards the solution: converges where whole steps would swing. */
const INVERSION_STEPS = 30;

/** Moves landmarks to where a warp shows them: the x with x + d(x) = point. @param points [n, 2], written into */
export function movePoints(points: Float32Array, warp: Warp): void {
  for (let i = 0; i < points.length; i += 2) {
    const [toX, toY] = [points[i]!, points[i + 1]!];
    if (Number.isNaN(toX)) continue;
    let [x, y] = [toX, toY];
    for (let step = 0; step < INVERSION_STEPS; step++) {
      const [dx, dy] = displacement(warp, x, y);
      x += 0.5 * (toX - x - dx);
      y += 0.5 * (toY - y - dy);
    }
    points[i] = x;
    points[i + 1] = y;
  }
}

/** grid_sampler's codes. */
const BILINEAR = 0;
const BORDER = 1;

/**
 * Warps images in place, a part of them at a time; no reduction among pixels, so the number of threads changes no bit.
 * @param images [n, 3, side, side]   @param warps [n]
 * @returns them
 */
export function apply(images: Tensor, warps: Drawn<Warp>): Tensor {
  const drawn = warps.flatMap((warp, row) => (warp === null ? [] : [{ row, warp }]));
  const [, , , side] = images.shape as [number, number, number, number];
  for (const { first, count } of parts(drawn.length, 5 * side * side, images.device))
    scope(() => {
      const some = drawn.slice(first, first + count);
      const places = rowIndex(
        some.map(({ row }) => row),
        images,
      );
      const grid = sourceGrid(
        some.map(({ warp }) => warp),
        side,
        images,
      );
      const selected = ops.indexSelect(images, 0, places);
      ops.indexPut_(images, [places], ops.gridSample(selected, grid, BILINEAR, BORDER, true));
    });
  return images;
}

/** [n, side, side, 2]: where each pixel is taken from, as grid_sampler counts. */
function sourceGrid(warps: readonly Warp[], side: number, like: Tensor): Tensor {
  const { device } = like;
  const columns = ops.arange(0, side, 1, { dtype: "float32", device });
  const rows = columns.unsqueeze(1);
  const zeros = ops.zeros([warps.length, 1, side, side], { dtype: "float32", device });
  const [x, y] = [zeros.add(columns), zeros.add(rows)];
  const most = Math.max(...warps.map(({ places }) => places.length));
  for (let i = 0; i < most; i++) {
    // A mouth has no second place: the first one without strength.
    const strength = (pick: (warp: Warp) => number) =>
      perImage(
        warps.map((warp) => (warp.places[i] ? pick(warp) : 0)),
        like,
      );
    const at = (pick: (place: PartPlace) => number) =>
      perImage(
        warps.map(({ places }) => pick(places[i] ?? places[0]!)),
        like,
      );
    const [fromX, fromY] = [columns.sub(at((place) => place.x)), rows.sub(at((place) => place.y))];
    const outside = ops.square(fromX.div(at(reachX))).add(ops.square(fromY.div(at(reachY))));
    const w = ops.square(ops.rsub(outside, 1).clamp(0));
    const t = ops.square(fromX.div(at(({ halfWidth }) => halfWidth))).sub(0.5);
    const bent = t.mul(at(reachY)).mul(strength(({ bend }) => bend));
    x.add_(w.mul(fromX).mul(strength(({ stretchX }) => stretchX)));
    y.add_(w.mul(fromY.mul(strength(({ stretchY }) => stretchY)).add(bent)));
  }
  // grid_sampler counts from -1 to 1, from the first pixel's centre to the last one's.
  const grid = ops
    .cat([x, y], 1)
    .mul_(2 / (side - 1))
    .sub_(1);
  return grid.permute(0, 2, 3, 1);
}
