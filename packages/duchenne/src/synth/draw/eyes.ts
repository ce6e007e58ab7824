/** Eyes: ball, iris, lids that open, narrow and close, lashes and the fold above. */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { ActionUnit } from "../actor/actionUnits.ts";
import { UNIT_INDEX } from "../actor/actionUnits.ts";
import type { HeadShape, Identity } from "../actor/identity.ts";
import { clamp, mix, smoothstep } from "../actor/numeric.ts";
import { blend, css, type Rgb, scale } from "../actor/palette.ts";
import type { FrameState } from "../actor/timeline.ts";
import type { HeadMesh } from "../head/mesh.ts";
import type { ImagePoint } from "../head/view.ts";
import { type Lamp, lightOn } from "./lighting.ts";

const IRIS_MILLIMETRES = 6.5;
const BALL_MILLIMETRES = 12.4;
/** The lids lie on an ellipsoid: the fissure is wider than the ball. */
const LID_RADIUS = { x: 20, y: 14 } as const;
const LID_SAMPLES = 9;
const SPRITE_PIXELS = 48;

/** One eye at rest. */
export interface Eye {
  /** -1 on the image's left, 1 on its right. */
  readonly side: -1 | 1;
  /** Centre of the ball in head space, millimetres. */
  readonly centre: readonly [number, number, number];
  readonly shape: HeadShape;
}

/** Lids of a frame in head space: y of a lid at a share of the fissure, -1 at the inner corner, 1 at the outer. */
export interface Lids {
  readonly upper: readonly ImagePoint[];
  readonly lower: readonly ImagePoint[];
  readonly crease: readonly ImagePoint[];
  /** Height of the opening in the middle, millimetres. */
  readonly opening: number;
}

/** The two eyes of a head: the image's left one, then the right one. */
export function createEyes(mesh: HeadMesh, shape: HeadShape): readonly [Eye, Eye] {
  const make = (side: -1 | 1): Eye => {
    const [, , z] = mesh.place(mesh.anchor(side * shape.eyeSpacing, 1));
    return { side, centre: [side * shape.eyeSpacing, 0, z - BALL_MILLIMETRES + 0.8], shape };
  };
  return [make(-1), make(1)];
}

function unitsOf(eye: Eye, state: FrameState): (unit: ActionUnit) => number {
  const units = eye.side < 0 ? state.unitsLeft : state.unitsRight;
  return (unit) => units[UNIT_INDEX[unit]]!;
}

/** Curves of both lids and of the fold. */
export function lidsOf(mesh: HeadMesh, eye: Eye, state: FrameState): Lids {
  const unit = unitsOf(eye, state);
  const { shape } = eye;
  const closure = Math.max(unit(45), unit(43));
  const raise = 0.5 * unit(5) - 0.3 * unit(7) - 0.1 * unit(6) - 0.12 * unit(9) - 0.08 * unit(4);
  const upper = shape.eyeUpper * (1 + raise) - clamp(state.gazeY, -0.2, 0.2) * 9;
  const lower =
    shape.eyeLower * (1 - 0.42 * unit(7) - 0.5 * unit(6) - 0.3 * unit(9) + 0.12 * unit(5)) + state.gazeY * 2;
  const slant = 2.2 * unit(1) * (1 - unit(2));
  const upperAt = (s: number): number => {
    const open = -upper * arch(s, 0.16) - slant * Math.max(0, -s) * (1 - s * s);
    return mix(open, lower * 0.8 * arch(s, -0.1), closure);
  };
  const lowerAt = (s: number): number => lower * arch(s, -0.12);
  const fold = shape.lidCrease * (1 - 0.35 * unit(4) - 0.3 * unit(9)) + closure * 2.2 + 0.8 * unit(5);
  return {
    upper: lidCurve(mesh, eye, upperAt, 0),
    lower: lidCurve(mesh, eye, lowerAt, 0),
    crease: lidCurve(mesh, eye, (s) => upperAt(s) * (1 - 0.4 * closure) - fold * arch(s, 0.05) ** 0.5, 0.6),
    opening: Math.max(0, lowerAt(0) - upperAt(0)),
  };
}

/** A lid's bow: 0 at the corners, 1 near the middle, leaning towards the inner corner for a positive skew. */
function arch(s: number, skew: number): number {
  const t = s + skew * (1 - s * s);
  return Math.max(0, 1 - Math.abs(t) ** 2.3) ** 0.8;
}

function lidCurve(mesh: HeadMesh, eye: Eye, heightAt: (s: number) => number, lift: number): ImagePoint[] {
  const { shape, side, centre } = eye;
  return Array.from({ length: LID_SAMPLES }, (_, k) => {
    const s = (2 * k) / (LID_SAMPLES - 1) - 1;
    const dx = s * shape.eyeHalfWidth;
    const y = heightAt(s) - Math.tan(shape.eyeTilt) * dx + (s < 0 ? 0.8 * s * s : 0);
    const bulge = Math.max(0.12, 1 - (dx / LID_RADIUS.x) ** 2 - (y / LID_RADIUS.y) ** 2);
    return mesh.view.project(
      side * (shape.eyeSpacing + dx),
      y,
      centre[2] + (BALL_MILLIMETRES + lift) * Math.sqrt(bulge),
    );
  });
}

/** Paints an iris once: limbal ring, fibres, a lighter collar and the pupil. @internal */
export function paintIris({ looks, backdrop }: Identity): Canvas {
  const canvas = createCanvas(SPRITE_PIXELS, SPRITE_PIXELS);
  const context = canvas.getContext("2d");
  const r = SPRITE_PIXELS / 2;
  const gradient = context.createRadialGradient(r, r, 0, r, r, r);
  gradient.addColorStop(0.3, css(scale(looks.iris, 1.25)));
  gradient.addColorStop(0.72, css(looks.iris));
  gradient.addColorStop(0.9, css(scale(looks.iris, 0.45)));
  gradient.addColorStop(1, css(scale(looks.iris, 0.3), 0));
  context.fillStyle = gradient;
  context.fillRect(0, 0, SPRITE_PIXELS, SPRITE_PIXELS);
  context.lineWidth = 1;
  for (let k = 0; k < 40; k += 1) {
    // Any fixed sequence does for fibres that are too small to see one by one.
    const angle = k * 2.399963 + (backdrop.seed % 7);
    const light = k % 2 === 0 ? 1.5 : 0.6;
    context.strokeStyle = css(scale(looks.iris, light), 0.4);
    context.beginPath();
    context.moveTo(r + Math.cos(angle) * r * 0.4, r + Math.sin(angle) * r * 0.4);
    context.lineTo(r + Math.cos(angle) * r * 0.82, r + Math.sin(angle) * r * 0.82);
    context.stroke();
  }
  context.fillStyle = "rgb(12,9,9)";
  context.beginPath();
  context.arc(r, r, r * 0.4, 0, 2 * Math.PI);
  context.fill();
  return canvas;
}

/** Everything an eye is painted with. @internal */
export interface EyePaint {
  readonly iris: Canvas;
  readonly identity: Identity;
  readonly lamp: Lamp;
}

/** Draws one eye over the skin. @internal */
export function drawEye(
  context: SKRSContext2D,
  mesh: HeadMesh,
  eye: Eye,
  state: FrameState,
  paint: EyePaint,
): void {
  const lids = lidsOf(mesh, eye, state);
  const pixels = mesh.view.focal / mesh.view.distance;
  const light = lightOn(paint.lamp, eye.side * 0.2, 0, 0.95);
  drawCrease(context, lids, paint.identity, light, pixels);
  if (lids.opening > 0.7) {
    context.save();
    tracePair(context, lids.upper, lids.lower);
    context.clip();
    drawBall(context, mesh, eye, state, lids, paint, light);
    context.restore();
  }
  drawLashes(context, lids, paint.identity, light, pixels);
}

/** A smooth path through points: quadratic curves between the middles. @internal */
export function traceCurve(context: SKRSContext2D, points: readonly ImagePoint[], joined = false): void {
  const first = points[0]!;
  if (joined) context.lineTo(first.x, first.y);
  else context.moveTo(first.x, first.y);
  for (let k = 1; k < points.length - 1; k += 1) {
    const p = points[k]!;
    const q = points[k + 1]!;
    context.quadraticCurveTo(p.x, p.y, (p.x + q.x) / 2, (p.y + q.y) / 2);
  }
  const last = points[points.length - 1]!;
  context.lineTo(last.x, last.y);
}

/** The closed outline between two curves that share their ends. @internal */
export function tracePair(
  context: SKRSContext2D,
  upper: readonly ImagePoint[],
  lower: readonly ImagePoint[],
): void {
  context.beginPath();
  traceCurve(context, upper);
  traceCurve(context, [...lower].reverse(), true);
  context.closePath();
}

function drawBall(
  context: SKRSContext2D,
  mesh: HeadMesh,
  eye: Eye,
  state: FrameState,
  lids: Lids,
  { iris, lamp }: EyePaint,
  light: Rgb,
): void {
  const top = lids.upper[4]!;
  const bottom = lids.lower[4]!;
  const gradient = context.createLinearGradient(0, top.y - 1, 0, bottom.y + 1);
  gradient.addColorStop(0, css(scale([140, 128, 128], scale(light, 255))));
  gradient.addColorStop(0.4, css(scale([208, 200, 196], scale(light, 255))));
  gradient.addColorStop(1, css(scale([196, 182, 178], scale(light, 255))));
  context.fillStyle = gradient;
  context.fill();
  const [cx, cy, cz] = eye.centre;
  const aim: Rgb = [
    Math.sin(state.gazeX),
    Math.sin(state.gazeY),
    Math.cos(state.gazeX) * Math.cos(state.gazeY),
  ];
  const at = mesh.view.project(cx + aim[0] * 11, cy + aim[1] * 11, cz + aim[2] * 11);
  const radius = (IRIS_MILLIMETRES * mesh.view.focal) / (mesh.view.distance - at.z);
  const squeeze = Math.max(0.8, Math.cos(state.gazeX + state.pose.yaw));
  context.globalAlpha = clamp((light[0] + light[1] + light[2]) / 2.4, 0.6, 1);
  context.drawImage(iris, at.x - radius * squeeze, at.y - radius, radius * 2 * squeeze, radius * 2);
  context.globalAlpha = 1;
  // The upper lid and its lashes shade the ball; both corners are pink and deep.
  context.strokeStyle = "rgba(30,14,14,0.4)";
  context.lineWidth = 3.4;
  context.beginPath();
  traceCurve(context, lids.upper);
  context.stroke();
  for (const corner of [lids.upper[0]!, lids.upper[LID_SAMPLES - 1]!]) {
    context.fillStyle = "rgba(120,62,58,0.42)";
    context.beginPath();
    context.arc(corner.x, corner.y, 3.1, 0, 2 * Math.PI);
    context.fill();
  }
  drawCatchlight(context, at, radius, lamp);
}

function drawCatchlight(context: SKRSContext2D, at: ImagePoint, radius: number, lamp: Lamp): void {
  const [dx, dy] = lamp.direction;
  context.fillStyle = "rgba(255,255,255,0.92)";
  context.beginPath();
  context.arc(at.x + dx * radius * 0.5, at.y + dy * radius * 0.5, radius * 0.2, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = "rgba(255,255,255,0.16)";
  context.beginPath();
  context.arc(at.x - dx * radius * 0.45, at.y + radius * 0.5, radius * 0.28, 0, 2 * Math.PI);
  context.fill();
}

function drawCrease(
  context: SKRSContext2D,
  lids: Lids,
  { skin, shape }: Identity,
  light: Rgb,
  pixels: number,
): void {
  const shadow = scale(scale(skin.tone, [120, 76, 70]), scale(light, 255));
  context.lineCap = "round";
  context.strokeStyle = css(shadow, 0.5 * smoothstep(0.5, 2.5, shape.lidCrease));
  context.lineWidth = 1.5 * pixels;
  context.beginPath();
  traceCurve(context, lids.crease.slice(1));
  context.stroke();
  context.strokeStyle = css(shadow, 0.22);
  context.lineWidth = 3.6 * pixels;
  context.stroke();
  // The lower lid's own thickness, lit, and the small pouch below it.
  context.strokeStyle = css(scale(blend(skin.tone, [255, 190, 180], 0.35), scale(light, 255)), 0.55);
  context.lineWidth = 2 * pixels;
  context.beginPath();
  traceCurve(context, lids.lower);
  context.stroke();
}

function drawLashes(
  context: SKRSContext2D,
  lids: Lids,
  { looks, hair }: Identity,
  light: Rgb,
  pixels: number,
): void {
  const dark = scale(blend(hair.colour, [20, 12, 12], 0.75), scale(light, 255));
  const { upper, lower } = lids;
  const outer = upper[LID_SAMPLES - 1]!;
  const before = upper[LID_SAMPLES - 3]!;
  context.fillStyle = css(dark, 0.6 + 0.4 * looks.lashes);
  context.beginPath();
  traceCurve(context, upper);
  // The upper lash line swells towards the outer corner and may end in a wing.
  const wing = (0.5 + 1.6 * looks.liner) * pixels;
  context.lineTo(outer.x + Math.sign(outer.x - before.x) * wing * 1.6, outer.y - wing);
  const thick = (1 + 1.1 * looks.lashes) * pixels;
  const raised = upper.map((p, k) => ({ ...p, y: p.y - thick * (0.35 + (0.85 * k) / LID_SAMPLES) }));
  traceCurve(context, raised.reverse(), true);
  context.closePath();
  context.fill();
  context.strokeStyle = css(dark, 0.14 + 0.3 * looks.liner);
  context.lineWidth = 0.9 * pixels;
  context.beginPath();
  traceCurve(context, lower.slice(3));
  context.stroke();
}
