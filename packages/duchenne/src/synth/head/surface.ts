/**
 * The resting head as a surface: for a height y and a share of the width, a point in millimetres.
 *
 * Axes: x to the image's right, y down, z to the camera; the origin lies between the pupils in x and y and at the
 * ears in z. Each height has a half-width, a front depth and a side depth; the cross-section between them is a
 * superellipse, flatter in front than an ellipse, as faces are. Features are Gaussian bumps on it.
 */
import type { HeadShape } from "../actor/identity.ts";
import { bump, monotoneCubic, smoothstep } from "../actor/numeric.ts";

/** Rows of the average head, crown to below the chin: y, half-width, front z, side z, in millimetres. */
const PROFILE = [
  [-122, 0, 2, 0],
  [-119.5, 22, 24, 0],
  [-113, 37.5, 42, 0],
  [-102, 50.5, 58, 0],
  [-86, 61.5, 75, 1],
  [-64, 70, 88.5, 3],
  [-40, 73.5, 95, 5],
  [-15, 73, 94, 6],
  [10, 71.5, 90, 6],
  [32, 67.5, 89, 7],
  [52, 62.5, 90, 9],
  [70, 55.5, 91, 13],
  [86, 46, 92, 24],
  [97, 36, 92, 38],
  [105, 26.5, 89, 52],
  [110, 17, 84, 62],
  [112.5, 10, 78, 66],
] as const;

/** Heights of the face that everything else hangs on, millimetres, for one head. */
export interface FaceHeights {
  readonly crown: number;
  readonly mouth: number;
  readonly chin: number;
  readonly noseTip: number;
  readonly noseBase: number;
}

/** The surface of a resting head, in millimetres. */
export interface HeadSurface {
  readonly heights: FaceHeights;
  /** Half-width at a height, without features. */
  halfWidth(y: number): number;
  /** Depth of the front and of the side at a height, without features. */
  frontDepth(y: number): number;
  sideDepth(y: number): number;
  /** What the features add to z at a place of the front. */
  relief(x: number, y: number): number;
}

/** Moves a height of the average head to this one's. */
function stretch(shape: HeadShape, y: number): number {
  if (y > 45) return 45 + (y - 45) * shape.lowerLength;
  return y < -25 ? -25 + (y + 25) * shape.foreheadLength : y;
}

/** Builds the surface of a head. */
export function headSurface(shape: HeadShape): HeadSurface {
  const ys = PROFILE.map(([y]) => stretch(shape, y));
  const halfWidth = monotoneCubic(
    ys,
    PROFILE.map(([y, width]) => width * widthFactor(shape, y)),
  );
  const noseTip = shape.noseLength;
  const heights: FaceHeights = {
    crown: ys[0]!,
    mouth: stretch(shape, 68) + shape.mouthDrop,
    chin: ys[ys.length - 1]!,
    noseTip,
    noseBase: noseTip + 8.5,
  };
  return {
    heights,
    halfWidth,
    frontDepth: monotoneCubic(
      ys,
      PROFILE.map(([, , front]) => front),
    ),
    sideDepth: monotoneCubic(
      ys,
      PROFILE.map(([, , , side]) => side),
    ),
    relief: (x, y) =>
      skullRelief(shape, heights, x, y) +
      noseRelief(shape, heights, x, y) +
      mouthRelief(shape, heights, x, y),
  };
}

function widthFactor(shape: HeadShape, y: number): number {
  const jaw = smoothstep(30, 80, y);
  const chin = smoothstep(84, 108, y);
  const cheek = bump(0, (y - 18) / 22);
  const forehead = smoothstep(-20, -70, y);
  return (
    shape.faceWidth *
    (1 + (shape.jawWidth - 1) * jaw) *
    (1 + (shape.chinWidth - 1) * chin) *
    (1 + (shape.cheekWidth - 1) * cheek) *
    (1 + (shape.foreheadWidth - 1) * forehead)
  );
}

function skullRelief(shape: HeadShape, heights: FaceHeights, x: number, y: number): number {
  const a = Math.abs(x);
  const eye = shape.eyeSpacing;
  return (
    -8 * shape.eyeDepth * bump((a - eye + 2) / 15, (y + 3) / 10) +
    6.5 * bump((a - eye) / 10.5, (y - 0.5) / 7.5) +
    4 * shape.browRidge * bump((a - 27) / 20, (y + shape.browLift - 2) / 6) +
    -3.2 * bump(a / 9, (y + 4) / 9) +
    -4 * bump((a - 66) / 9, (y + 26) / 18) +
    4.5 * shape.cheekFullness * bump((a - 41) / 18, (y - 30) / 17) +
    -3.5 * (1.6 - 0.6 * shape.cheekFullness) * bump((a - 47) / 13, (y - 61) / 14) +
    6 * shape.chinProjection * bump(a / 15, (y - heights.chin + 15) / 9.5) +
    -4.5 * bump(a / 20, (y - heights.mouth - 15.5) / 5)
  );
}

function noseRelief(shape: HeadShape, heights: FaceHeights, x: number, y: number): number {
  const { noseTip, noseBase } = heights;
  const along = (y + 6) / (noseTip + 6);
  // The ridge climbs from between the eyes to the tip and falls steeply to the lip.
  const ridge = along < 0 ? 0 : along <= 1 ? along ** 1.25 : 1 - smoothstep(noseTip - 1, noseBase + 3.5, y);
  const width = shape.noseBridge + (shape.noseTip - shape.noseBridge) * smoothstep(0.35, 1, along);
  const a = Math.abs(x);
  return (
    shape.noseProjection * ridge * bump(x / width, 0) +
    3.5 * smoothstep(-0.3, 0.2, along) * (1 - smoothstep(0.2, 0.9, along)) * bump(x / 7, 0) +
    2 * shape.noseHump * bump(x / 6, (y - noseTip * 0.35) / 7) +
    9 * bump((a - shape.noseHalfWidth + 5) / 4, (y - noseTip - 2.5) / 5.2)
  );
}

function mouthRelief(shape: HeadShape, heights: FaceHeights, x: number, y: number): number {
  const { mouth, noseBase } = heights;
  const reach = shape.mouthHalfWidth;
  const across = bump(x / (reach * 0.62), 0);
  return (
    5 * bump(x / 25, (y - mouth + 2) / 17) +
    (1.2 + 0.24 * shape.upperLip) *
      across *
      bump(0, (y - mouth + shape.upperLip * 0.5) / (shape.upperLip * 0.42)) +
    (1.4 + 0.26 * shape.lowerLip) *
      across *
      bump(0, (y - mouth - shape.lowerLip * 0.5) / (shape.lowerLip * 0.42)) +
    -2.2 * Math.sqrt(Math.max(0, 1 - (x / reach) ** 2)) * bump(0, (y - mouth) / 1.8) +
    -1.6 * bump(x / 2.8, (y - (mouth + noseBase) / 2 + 2) / 6) +
    -2.5 * bump((Math.abs(x) - reach - 3) / 3.5, (y - mouth) / 5)
  );
}
