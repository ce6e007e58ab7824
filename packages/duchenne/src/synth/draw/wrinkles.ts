/** Folds that expressions and years draw into skin: a dark line with a lit edge, thinning out at both ends. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import { type ActionUnit, UNIT_INDEX } from "../actor/actionUnits.ts";
import type { Identity } from "../actor/identity.ts";
import { clamp } from "../actor/numeric.ts";
import { css, type Rgb, scale } from "../actor/palette.ts";
import type { FrameState } from "../actor/timeline.ts";
import type { Anchor } from "../head/grid.ts";
import type { HeadMesh } from "../head/mesh.ts";
import { type Lamp, lightOn } from "./lighting.ts";

/** What deepens a fold. */
interface Cause {
  readonly units: Partial<Record<ActionUnit, number>>;
  /** Depth at rest of the oldest. */
  readonly age: number;
}

interface FoldPlan extends Cause {
  /** Millimetres on the right half; mirrored unless it crosses the midline. */
  readonly points: readonly (readonly [number, number])[];
  readonly width: number;
  readonly central?: boolean;
}

/** A fold of one actor. */
export interface Fold extends Cause {
  readonly anchors: readonly Anchor[];
  readonly width: number;
  /** -1 left, 1 right, 0 both halves. */
  readonly side: -1 | 0 | 1;
}

function planFolds({ shape }: Identity, mesh: HeadMesh): FoldPlan[] {
  const { noseTip, mouth } = mesh.surface.heights;
  const reach = shape.mouthHalfWidth;
  const outer = shape.eyeSpacing + shape.eyeHalfWidth;
  const brow = -shape.browLift;
  const nose = shape.noseHalfWidth;
  return [
    {
      points: [
        [nose + 1.5, noseTip - 1],
        [nose + 6, noseTip + 8],
        [reach + 2.5, mouth - 13],
        [reach + 6, mouth - 4],
        [reach + 7, mouth + 4],
      ],
      width: 2.2,
      units: { 12: 0.75, 10: 0.6, 9: 0.5, 6: 0.2, 20: 0.3 },
      age: 0.55,
    },
    ...[-5, 1, 7].map((dy, k) => ({
      points: [
        [outer + 4, dy * 0.45],
        [outer + 8, dy * 0.75 + (k - 1) * 0.6],
        [outer + 13, dy * 1.35],
      ] as const,
      width: 1.1,
      units: { 6: 0.75, 7: 0.15 },
      age: 0.4,
    })),
    {
      points: [
        [shape.eyeSpacing - 12, 8],
        [shape.eyeSpacing - 3, 11],
        [shape.eyeSpacing + 8, 9.5],
        [shape.eyeSpacing + 14, 6],
      ],
      width: 1.4,
      units: { 6: 0.5, 7: 0.45, 9: 0.3 },
      age: 0.5,
    },
    ...[12, 21, 30].map((up) => ({
      points: [
        [-22, brow - up + 1.5],
        [-11, brow - up],
        [0, brow - up + 1],
        [11, brow - up],
        [22, brow - up + 1.5],
      ] as const,
      width: 1.5,
      central: true,
      units: { 1: 0.65 },
      age: 0.35,
    })),
    ...[11, 20, 28].map((up) => ({
      points: [
        [22, brow - up - 1],
        [34, brow - up - 3],
        [47, brow - up + 2],
      ] as const,
      width: 1.4,
      units: { 2: 0.65 },
      age: 0.25,
    })),
    {
      points: [
        [5.5, brow - 8],
        [4.6, brow],
        [5.4, brow + 7],
      ],
      width: 1.7,
      units: { 4: 0.85, 9: 0.4 },
      age: 0.3,
    },
    ...[0, 4.5].map((dy) => ({
      points: [
        [-6.5, 2 + dy],
        [0, 0.5 + dy],
        [6.5, 2 + dy],
      ] as const,
      width: 1.2,
      central: true,
      units: { 9: 0.75 },
      age: 0,
    })),
    {
      points: [
        [9, 6],
        [12, 14],
        [13, 22],
      ],
      width: 1.3,
      units: { 9: 0.6 },
      age: 0,
    },
    {
      points: [
        [reach + 4.5, mouth - 6],
        [reach + 6.5, mouth],
        [reach + 4.5, mouth + 6],
      ],
      width: 2,
      units: { 14: 0.9, 12: 0.25 },
      age: 0.1,
    },
    {
      points: [
        [reach + 1.5, mouth + 3],
        [reach + 5, mouth + 9],
        [reach + 6, mouth + 17],
      ],
      width: 1.7,
      units: { 15: 0.75, 20: 0.3 },
      age: 0.35,
    },
    {
      points: [
        [-15, mouth + 18],
        [-7, mouth + 15.5],
        [7, mouth + 15.5],
        [15, mouth + 18],
      ],
      width: 2,
      central: true,
      units: { 17: 0.7, 24: 0.2 },
      age: 0.1,
    },
  ];
}

/** Anchors an actor's folds. */
export function createFolds(mesh: HeadMesh, identity: Identity): Fold[] {
  return planFolds(identity, mesh).flatMap((plan): Fold[] => {
    const make = (side: -1 | 0 | 1): Fold => ({
      anchors: plan.points.map(([x, y]) => mesh.anchor(side < 0 ? -x : x, y)),
      width: plan.width,
      units: plan.units,
      age: plan.age,
      side,
    });
    return plan.central ? [make(0)] : [make(-1), make(1)];
  });
}

/** Depth of a fold in a frame, 0 to 1. */
function depthOf(fold: Fold, state: FrameState, age: number): number {
  let depth = fold.age * Math.max(0, age - 0.25) * 0.8;
  for (const [unit, share] of Object.entries(fold.units)) {
    const index = UNIT_INDEX[Number(unit) as ActionUnit];
    const left = state.unitsLeft[index]!;
    const right = state.unitsRight[index]!;
    depth += share * (0.75 + 0.5 * age) * (fold.side < 0 ? left : fold.side > 0 ? right : (left + right) / 2);
  }
  return clamp(depth, 0, 1);
}

/** Draws the folds of a face, as strong as the action units make them. */
export function drawFolds(
  context: SKRSContext2D,
  mesh: HeadMesh,
  folds: readonly Fold[],
  { skin }: Identity,
  state: FrameState,
  lamp: Lamp,
): void {
  const light = scale(lightOn(lamp, 0, 0, 1), 255);
  const dark = scale(scale(skin.tone, [112, 70, 62]), light);
  const bright = scale([skin.tone[0] + 26, skin.tone[1] + 24, skin.tone[2] + 20], light);
  const pixels = mesh.view.focal / mesh.view.distance;
  for (const fold of folds) {
    const depth = depthOf(fold, state, skin.age);
    if (depth < 0.05) continue;
    const points = fold.anchors.map((anchor) => mesh.locate(anchor));
    const width = fold.width * pixels * (0.6 + 0.5 * depth);
    fillRibbon(context, points, width, 0, dark, 0.62 * depth);
    fillRibbon(context, points, width * 1.1, width * 1.1, bright, 0.22 * depth);
  }
}

/** A line that is widest in the middle; `shift` moves it down the image, where the fold's far side catches light. */
function fillRibbon(
  context: SKRSContext2D,
  points: readonly { readonly x: number; readonly y: number }[],
  width: number,
  shift: number,
  colour: Rgb,
  alpha: number,
): void {
  const last = points.length - 1;
  const offset = points.map((p, k) => {
    const a = points[Math.max(0, k - 1)]!;
    const b = points[Math.min(last, k + 1)]!;
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const half = (width / 2) * Math.sin((Math.PI * (k + 0.25)) / (last + 0.5));
    const nx = (-(b.y - a.y) / length) * half;
    const ny = ((b.x - a.x) / length) * half;
    return { x: p.x, y: p.y + shift, nx, ny };
  });
  context.beginPath();
  trace(
    context,
    offset.map((p) => [p.x + p.nx, p.y + p.ny]),
    false,
  );
  trace(context, offset.map((p): [number, number] => [p.x - p.nx, p.y - p.ny]).reverse(), true);
  context.closePath();
  context.fillStyle = css(colour, alpha);
  context.fill();
}

function trace(
  context: SKRSContext2D,
  points: readonly (readonly [number, number])[],
  joined: boolean,
): void {
  const [x, y] = points[0]!;
  if (joined) context.lineTo(x, y);
  else context.moveTo(x, y);
  for (let k = 1; k < points.length - 1; k += 1) {
    const [px, py] = points[k]!;
    const [qx, qy] = points[k + 1]!;
    context.quadraticCurveTo(px, py, (px + qx) / 2, (py + qy) / 2);
  }
  const [ex, ey] = points[points.length - 1]!;
  context.lineTo(ex, ey);
}
