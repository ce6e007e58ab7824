/** The red of the lips, painted into the skin; the mesh parts it along the mouth line. */
import type { Random } from "../../lib/random.ts";
import type { HeadShape, Identity } from "../actor/identity.ts";
import { blend, css, type Rgb, scale } from "../actor/palette.ts";
import type { HeadMesh } from "../head/mesh.ts";
import type { FacePainter } from "./facePainter.ts";

/** Outer border of the upper lip above the mouth line (millimetres, positive), with its Cupid's bow. */
export function upperLipHeight(shape: HeadShape, x: number): number {
  const t = Math.min(1, Math.abs(x) / shape.mouthHalfWidth);
  const body = (1 - t ** 1.9) ** 0.9 * shape.upperLip;
  const bow = Math.exp(-0.5 * ((Math.abs(x) - 5) / 3.4) ** 2) - 0.9 * Math.exp(-0.5 * (x / 2.6) ** 2);
  return Math.max(0, body + shape.cupidBow * 0.75 * bow);
}

/** Outer border of the lower lip below the mouth line. */
export function lowerLipHeight(shape: HeadShape, x: number): number {
  const t = Math.min(1, Math.abs(x) / (shape.mouthHalfWidth * 0.95));
  return (1 - t ** 2.2) ** 0.75 * shape.lowerLip;
}

/** @returns the lips' own colour under neutral light */
export function lipColour({ skin, looks }: Identity): Rgb {
  const natural = blend(scale(skin.tone, [222, 150, 146]), [168, 70, 74], 0.34);
  return blend(natural, looks.lipTint, looks.lipstick * 0.85);
}

/** Paints the lips into the skin texture. */
export function paintLips(painter: FacePainter, mesh: HeadMesh, identity: Identity, rng: Random): void {
  const { shape, looks } = identity;
  const { mouth } = mesh.surface.heights;
  const colour = lipColour(identity);
  const { context } = painter;
  const steps = 24;
  const xs = Array.from({ length: steps + 1 }, (_, k) => shape.mouthHalfWidth * ((2 * k) / steps - 1));
  const upper = xs.map((x): [number, number] => [x, mouth - upperLipHeight(shape, x)]);
  const lower = xs.map((x): [number, number] => [x, mouth + lowerLipHeight(shape, x)]);
  const line = xs.map((x): [number, number] => [x, mouth]).reverse();
  context.save();
  context.filter = looks.lipstick > 0.3 ? "blur(0.4px)" : "blur(0.9px)";
  fillLip(painter, [...upper, ...line], scale(colour, 0.84), scale(colour, 0.98));
  fillLip(painter, [...lower, ...line], scale(colour, 1.1), scale(colour, 0.98));
  context.restore();
  paintCreases(painter, shape, mouth, colour, rng);
  for (const x of xs) {
    const light = 0.3 * (1 - Math.abs(x) / shape.mouthHalfWidth);
    painter.spot(
      x * 0.55,
      mouth + shape.lowerLip * 0.45,
      4,
      2,
      [255, 232, 226],
      light * (0.25 + looks.lipstick * 0.5),
    );
  }
}

function fillLip(painter: FacePainter, outline: readonly [number, number][], outer: Rgb, inner: Rgb): void {
  const { context } = painter;
  const [, from] = painter.at(0, outline[Math.floor(outline.length / 4)]![1]);
  const [, to] = painter.at(0, outline[outline.length - 1]![1]);
  const gradient = context.createLinearGradient(0, from, 0, to);
  gradient.addColorStop(0, css(outer));
  gradient.addColorStop(1, css(inner));
  painter.trace(outline);
  context.closePath();
  context.fillStyle = gradient;
  context.fill();
}

/** Fine vertical creases, denser on the lower lip. */
function paintCreases(painter: FacePainter, shape: HeadShape, mouth: number, colour: Rgb, rng: Random): void {
  const { context } = painter;
  context.lineWidth = 0.6;
  for (let k = 0; k < 46; k += 1) {
    const x = rng.normal(0, shape.mouthHalfWidth * 0.42);
    const below = rng.chance(0.6);
    const height = below ? lowerLipHeight(shape, x) : -upperLipHeight(shape, x);
    painter.trace([
      [x, mouth + height * rng.uniform(0.1, 0.3)],
      [x * 1.04, mouth + height * rng.uniform(0.6, 0.95)],
    ]);
    context.strokeStyle = css(scale(colour, 0.72), rng.uniform(0.1, 0.35));
    context.stroke();
  }
}
