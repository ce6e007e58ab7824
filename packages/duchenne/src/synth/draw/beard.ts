/** Beards with body: moustache, goatee, short and full, as part of the hair shell. */
import type { Random } from "../../lib/random.ts";
import type { BeardStyle, Identity } from "../actor/identity.ts";
import { clamp, smoothstep } from "../actor/numeric.ts";
import { css, scale } from "../actor/palette.ts";
import type { HeadGrid } from "../head/grid.ts";
import type { HeadMesh } from "../head/mesh.ts";
import type { FacePainter } from "./facePainter.ts";

/** Millimetres a beard stands off the skin. */
const THICKNESS: Readonly<Record<BeardStyle, number>> = {
  none: 0,
  stubble: 0,
  moustache: 2.5,
  goatee: 4,
  short: 2.5,
  full: 9,
};

/** Paints a beard, hair by hair. */
export function paintBeard(painter: FacePainter, mesh: HeadMesh, identity: Identity, rng: Random): void {
  const { hair } = identity;
  const { heights } = mesh.surface;
  const { context } = painter;
  paintMass(painter, mesh, identity);
  for (let k = 0; k < 4200; k += 1) {
    const x = rng.uniform(-74, 74);
    const y = rng.uniform(heights.noseBase - 30, heights.chin);
    const cover = beardCover(identity, mesh, x, y);
    if (rng.uniform() > cover) continue;
    // Hairs at the beard's edge are short: it thins out instead of ending in spikes.
    const length = rng.uniform(2.4, 5.6) * (0.35 + 0.65 * cover);
    const lean = x * 0.035 + rng.normal(0, 0.3);
    const fall = y < heights.mouth ? 0.8 : 1;
    painter.trace([
      [x, y],
      [x + length * lean * 0.6, Math.min(heights.chin, y + length * fall * 0.5)],
      [x + length * lean, Math.min(heights.chin, y + length * fall)],
    ]);
    context.lineWidth = rng.uniform(0.6, 1.3);
    context.strokeStyle = css(
      scale(hair.beardColour, clamp(rng.normal(0.9, 0.22), 0.5, 1.5)),
      0.3 + 0.4 * cover,
    );
    context.stroke();
  }
  clearLips(painter, mesh, identity);
}

/** The shade between the hairs. */
function paintMass(painter: FacePainter, mesh: HeadMesh, identity: Identity): void {
  const { noseBase, chin } = mesh.surface.heights;
  const colour = scale(identity.hair.beardColour, 0.7);
  for (let y = noseBase - 30; y < chin; y += 3.2) {
    for (let x = -72; x <= 72; x += 3.6) {
      const cover = beardCover(identity, mesh, x, y);
      if (cover > 0.15) painter.spot(x, y, 4, 3.6, colour, 0.3 * cover);
    }
  }
}

/** Lifts the shell where a beard grows. @param lift [vertices of grid] millimetres, added to */
export function addBeardLift(lift: Float32Array, grid: HeadGrid, mesh: HeadMesh, identity: Identity): void {
  const { heights } = mesh.surface;
  grid.rowY.forEach((y, row) => {
    const low = smoothstep(heights.mouth + 8, heights.chin, y);
    for (let vertex = row * grid.columns; vertex < (row + 1) * grid.columns; vertex += 1) {
      if (grid.positions[vertex * 3 + 2]! < 0) continue;
      const cover = beardCover(identity, mesh, grid.positions[vertex * 3]!, y);
      lift[vertex]! += THICKNESS[identity.hair.beard] * cover * (0.35 + 0.65 * low);
    }
  });
}

/** Share of skin that a beard covers at a place, millimetres. */
function beardCover({ hair, shape }: Identity, mesh: HeadMesh, x: number, y: number): number {
  const { mouth, chin, noseBase } = mesh.surface.heights;
  const a = Math.abs(x);
  const lip =
    smoothstep(noseBase - 0.5, noseBase + 4, y + a * 0.04) *
    (1 - smoothstep(mouth - 4, mouth + 3 + a * 0.1, y)) *
    (1 - smoothstep(shape.mouthHalfWidth - 2, shape.mouthHalfWidth + 5, a));
  const chinPatch =
    smoothstep(mouth + shape.lowerLip + 2, mouth + shape.lowerLip + 8, y) *
    (1 - smoothstep(17, 25, a - (chin - y) * 0.05));
  const beside =
    smoothstep(shape.mouthHalfWidth - 1, shape.mouthHalfWidth + 4, a) *
    (1 - smoothstep(shape.mouthHalfWidth + 7, shape.mouthHalfWidth + 12, a)) *
    smoothstep(mouth - 12, mouth - 4, y);
  // The cheek line runs from the sideburn to the corner of the mouth.
  const cheekLine = mouth - 2 - Math.max(0, a - shape.mouthHalfWidth) * 1.05;
  const cheeks =
    smoothstep(cheekLine - 3, cheekLine + 6, y) *
    smoothstep(shape.mouthHalfWidth, shape.mouthHalfWidth + 8, a);
  switch (hair.beard) {
    case "moustache":
      return lip;
    case "goatee":
      return Math.max(lip, chinPatch, beside);
    case "short":
      return 0.75 * Math.max(lip, chinPatch, beside, cheeks, smoothstep(chin - 22, chin - 12, y));
    case "full":
      return Math.max(lip, chinPatch, beside, cheeks, smoothstep(chin - 24, chin - 14, y));
    default:
      return 0;
  }
}

/** The lips stay free, and so does the cut between them. */
function clearLips(painter: FacePainter, mesh: HeadMesh, { shape }: Identity): void {
  const { mouth } = mesh.surface.heights;
  const [left, top] = painter.at(-shape.mouthHalfWidth - 1, mouth - shape.upperLip - 0.6);
  const [right, bottom] = painter.at(shape.mouthHalfWidth + 1, mouth + shape.lowerLip + 1);
  const { context } = painter;
  context.save();
  context.globalCompositeOperation = "destination-out";
  context.filter = "blur(1px)";
  context.beginPath();
  context.ellipse(
    (left + right) / 2,
    (top + bottom) / 2,
    (right - left) / 2,
    (bottom - top) / 2,
    0,
    0,
    2 * Math.PI,
  );
  context.fill();
  context.restore();
}
