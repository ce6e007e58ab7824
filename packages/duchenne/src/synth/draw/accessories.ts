/** Ears and glasses: outlines in head space, projected every frame. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { GlassesStyle, Identity } from "../actor/identity.ts";
import { blend, css, type Rgb, scale } from "../actor/palette.ts";
import type { HeadMesh } from "../head/mesh.ts";
import type { ImagePoint } from "../head/view.ts";
import { type Lamp, lightOn } from "./lighting.ts";

/** An ear's rim: how far it stands out from its root, and the height, millimetres. */
const EAR_RIM = [
  [0, -14],
  [5, -23],
  [12, -25],
  [17.5, -17],
  [18, -2],
  [14.5, 13],
  [11, 23],
  [8.5, 33],
  [4, 37],
  [0, 33],
] as const;

/** Draws an ear. */
export function drawEar(
  context: SKRSContext2D,
  mesh: HeadMesh,
  identity: Identity,
  side: -1 | 1,
  lamp: Lamp,
): void {
  const { skin, shape } = identity;
  const root = mesh.surface.halfWidth(8) - 3.5;
  const size = shape.earSize;
  const at = (out: number, y: number): ImagePoint =>
    mesh.view.project(side * (root + out * size * 0.8), 6 + y * size, -2 - out * size * 0.95);
  const light = scale(lightOn(lamp, side * 0.62, 0, 0.78), 255);
  const base = blend(skin.tone, [206, 84, 70], 0.14 * (1 - 0.6 * skin.depth));
  const fill = (points: readonly ImagePoint[], colour: Rgb, alpha: number): void => {
    context.beginPath();
    smoothClosed(context, points);
    context.fillStyle = css(scale(colour, light), alpha);
    context.fill();
  };
  fill(
    EAR_RIM.map(([out, y]) => at(out, y)),
    scale(base, 0.94),
    1,
  );
  // The bowl inside, then the ridge that runs round it.
  fill(
    EAR_RIM.map(([out, y]) => at(out * 0.68 - 0.5, y * 0.72 - 1)),
    scale(base, [176, 122, 116]),
    0.75,
  );
  fill(
    EAR_RIM.slice(2, 8).map(([out, y]) => at(out * 0.5 + 1, y * 0.5)),
    base,
    0.6,
  );
}

function smoothClosed(context: SKRSContext2D, points: readonly ImagePoint[]): void {
  const count = points.length;
  const middle = (k: number): { x: number; y: number } => {
    const p = points[k % count]!;
    const q = points[(k + 1) % count]!;
    return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 };
  };
  const start = middle(count - 1);
  context.moveTo(start.x, start.y);
  points.forEach((p, k) => {
    const next = middle(k);
    context.quadraticCurveTo(p.x, p.y, next.x, next.y);
  });
  context.closePath();
}

/** Exponent of the lens outline's superellipse, half-width and half-height in millimetres. */
const LENSES: Readonly<Record<Exclude<GlassesStyle, "none">, readonly [number, number, number]>> = {
  round: [2, 23.5, 21.5],
  square: [4.2, 26, 18.5],
  halfRim: [3.2, 26, 17],
};
const LENS_SAMPLES = 28;

/** Draws the glasses of an actor. */
export function drawGlasses(context: SKRSContext2D, mesh: HeadMesh, identity: Identity, lamp: Lamp): void {
  const { glasses, frame } = identity.looks;
  if (glasses === "none") return;
  const [power, width, height] = LENSES[glasses];
  const { eyeSpacing } = identity.shape;
  const depth = mesh.surface.frontDepth(0) + mesh.surface.relief(0, 2) + 2;
  const pixels = mesh.view.focal / mesh.view.distance;
  const colour = scale(frame, scale(lightOn(lamp, 0, -0.2, 0.95), 255));
  const project = (x: number, y: number): ImagePoint =>
    mesh.view.project(x, y + 3, depth - (x / 62) ** 2 * 9);
  context.lineJoin = "round";
  context.lineCap = "round";
  for (const side of [-1, 1]) {
    const rim = Array.from({ length: LENS_SAMPLES }, (_, k) => {
      const angle = (2 * Math.PI * k) / LENS_SAMPLES;
      const bend = (value: number): number => Math.sign(value) * Math.abs(value) ** (2 / power);
      return project(side * (eyeSpacing + 1) + width * bend(Math.cos(angle)), height * bend(Math.sin(angle)));
    });
    drawLens(context, rim, glasses === "halfRim", colour, pixels);
  }
  drawBridgeAndTemples(context, mesh, project, eyeSpacing, width, colour, pixels);
}

function drawLens(
  context: SKRSContext2D,
  rim: readonly ImagePoint[],
  upperHalfOnly: boolean,
  colour: Rgb,
  pixels: number,
): void {
  context.beginPath();
  rim.forEach((p) => {
    context.lineTo(p.x, p.y);
  });
  context.closePath();
  context.fillStyle = "rgba(214,228,240,0.07)";
  context.fill();
  context.strokeStyle = css(colour, upperHalfOnly ? 0.35 : 0.95);
  context.lineWidth = (upperHalfOnly ? 0.8 : 2.3) * pixels;
  context.stroke();
  if (upperHalfOnly) {
    context.beginPath();
    rim.slice(LENS_SAMPLES / 2).forEach((p) => {
      context.lineTo(p.x, p.y);
    });
    context.strokeStyle = css(colour);
    context.lineWidth = 3 * pixels;
    context.stroke();
  }
  // A streak of sky.
  const a = rim[Math.round(LENS_SAMPLES * 0.58)]!;
  const b = rim[Math.round(LENS_SAMPLES * 0.7)]!;
  const c = rim[Math.round(LENS_SAMPLES * 0.08)]!;
  context.strokeStyle = "rgba(255,255,255,0.10)";
  context.lineWidth = 4 * pixels;
  context.beginPath();
  context.moveTo((a.x + b.x) / 2, (a.y + b.y) / 2 + 3);
  context.lineTo((a.x + c.x) / 2, (a.y + c.y) / 2 + 2);
  context.stroke();
}

function drawBridgeAndTemples(
  context: SKRSContext2D,
  mesh: HeadMesh,
  project: (x: number, y: number) => ImagePoint,
  eyeSpacing: number,
  width: number,
  colour: Rgb,
  pixels: number,
): void {
  const inner = eyeSpacing + 1 - width;
  context.strokeStyle = css(colour);
  context.lineWidth = 2.4 * pixels;
  context.beginPath();
  const left = project(-inner, -3);
  const top = project(0, -7);
  const right = project(inner, -3);
  context.moveTo(left.x, left.y);
  context.quadraticCurveTo(top.x, top.y, right.x, right.y);
  context.stroke();
  for (const side of [-1, 1]) {
    const hinge = project(side * (eyeSpacing + width), -7);
    const ear = mesh.view.project(side * (mesh.surface.halfWidth(0) + 3), -6, 6);
    context.beginPath();
    context.moveTo(hinge.x, hinge.y);
    context.lineTo(ear.x, ear.y);
    context.stroke();
  }
}
