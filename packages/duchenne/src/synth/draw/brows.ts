/** Eyebrows, hair by hair, painted into the skin. */
import type { Random } from "../../lib/random.ts";
import type { Identity } from "../actor/identity.ts";
import { css, scale } from "../actor/palette.ts";
import type { FacePainter } from "./facePainter.ts";

/** Ends of the brows, millimetres from the midline. */
export const BROW_OUTER = 54;

/** Height of a brow's middle line (y, millimetres) at distance `a` from the midline. */
export function browLine(shape: Identity["shape"], a: number): number {
  const t = (a - shape.browInner) / (BROW_OUTER - shape.browInner);
  // Highest at two thirds, from where the tail comes down.
  const arch =
    t < 0.66 ? Math.sin((t / 0.66) * (Math.PI / 2)) : Math.cos(((t - 0.66) / 0.34) * (Math.PI / 2.6));
  return -shape.browLift + 1.5 - shape.browArch * arch - shape.browTilt * (a - 32);
}

/** Half of a brow's thickness at a share t of its length. */
function halfThickness(shape: Identity["shape"], t: number): number {
  const taper = t < 0.15 ? 0.7 + 2 * t : t < 0.6 ? 1 : 1 - (t - 0.6) * 2.1;
  return 0.5 * shape.browThickness * Math.max(0.16, taper);
}

/** Paints the brows into the skin texture. */
export function paintBrows(painter: FacePainter, identity: Identity, rng: Random): void {
  const { shape, hair } = identity;
  for (const side of [-1, 1]) {
    paintMass(painter, identity, side);
    const { context } = painter;
    context.lineWidth = 0.8;
    context.lineCap = "round";
    for (let k = 0; k < 150; k += 1) {
      const t = rng.uniform();
      const a = shape.browInner + t * (BROW_OUTER - shape.browInner);
      const spread = rng.uniform(-1, 1);
      const y = browLine(shape, a) + spread * halfThickness(shape, t);
      const length = rng.uniform(2.4, 4.6) * (1 - 0.4 * t);
      // Hairs stand up at the inner end and lie down towards the tail, from both edges to the middle line.
      const angle = -1.25 + 1.35 * Math.min(1, t * 1.8) - 0.5 * spread * t;
      painter.trace([
        [side * a, y],
        [side * (a + length * Math.cos(angle) * 0.9), y + length * Math.sin(angle) * 0.6 + 0.3],
      ]);
      context.strokeStyle = css(scale(hair.colour, rng.uniform(0.55, 0.95)), 0.55 * hair.brow);
      context.stroke();
    }
  }
}

/** The brow as a soft mass below its hairs. */
function paintMass(painter: FacePainter, { shape, hair }: Identity, side: number): void {
  const steps = 14;
  const edge = (sign: number): [number, number][] =>
    Array.from({ length: steps + 1 }, (_, k) => {
      const t = k / steps;
      const a = shape.browInner + t * (BROW_OUTER - shape.browInner);
      return [side * a, browLine(shape, a) + sign * halfThickness(shape, t) * 0.8];
    });
  const { context } = painter;
  context.save();
  context.filter = "blur(1px)";
  painter.trace([...edge(-1), ...edge(1).reverse()]);
  context.closePath();
  context.fillStyle = css(scale(hair.colour, 0.75), 0.55 * hair.brow);
  context.fill();
  context.restore();
}
