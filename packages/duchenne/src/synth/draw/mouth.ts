/** The mouth's inside, visible between parted lips: teeth, tongue, dark; and the line between closed lips. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import { UNIT_INDEX } from "../actor/actionUnits.ts";
import type { Identity } from "../actor/identity.ts";
import { css, scale } from "../actor/palette.ts";
import type { FrameState } from "../actor/timeline.ts";
import { type Anchor, anchorInRow } from "../head/grid.ts";
import type { HeadMesh } from "../head/mesh.ts";
import type { ImagePoint } from "../head/view.ts";
import { traceCurve, tracePair } from "./eyes.ts";
import { type Lamp, lightOn } from "./lighting.ts";
import { lipColour } from "./lips.ts";

const SAMPLES = 13;
/** Millimetres the jaw's teeth go down with a full jaw drop. */
const JAW_TRAVEL = 15;
/** Borders between teeth, millimetres from the midline. */
const TEETH = [0, 8.4, 14.8, 21.5] as const;

/** The lips' inner edges, from one corner to the other. */
export interface MouthAnchors {
  readonly upper: readonly Anchor[];
  readonly lower: readonly Anchor[];
}

/** Anchors along the edges of both lips. */
export function mouthAnchors(mesh: HeadMesh, identity: Identity): MouthAnchors {
  const { grid, surface } = mesh;
  const reach = identity.shape.mouthHalfWidth;
  const xs = Array.from({ length: SAMPLES }, (_, k) => reach * ((2 * k) / (SAMPLES - 1) - 1));
  const edge = (row: number): Anchor[] => xs.map((x) => anchorInRow(grid, surface, x, row));
  return { upper: edge(grid.lowerLipRow - 1), lower: edge(grid.lowerLipRow) };
}

/** Draws the opening and the line of the lips. @internal */
export function drawMouth(
  context: SKRSContext2D,
  mesh: HeadMesh,
  anchors: MouthAnchors,
  identity: Identity,
  state: FrameState,
  lamp: Lamp,
): void {
  const upper = anchors.upper.map((anchor) => mesh.locate(anchor));
  const lower = anchors.lower.map((anchor) => mesh.locate(anchor));
  const middle = (SAMPLES - 1) / 2;
  const gap = lower[middle]!.y - upper[middle]!.y;
  if (gap > 0.9) drawInside(context, mesh, upper, lower, state, lamp, gap);
  drawLipLine(context, upper, lower, identity, lamp, gap);
}

function drawInside(
  context: SKRSContext2D,
  mesh: HeadMesh,
  upper: readonly ImagePoint[],
  lower: readonly ImagePoint[],
  state: FrameState,
  lamp: Lamp,
  gap: number,
): void {
  context.save();
  tracePair(context, upper, lower);
  context.fillStyle = "rgb(54,18,19)";
  context.fill();
  context.clip();
  const jaw = (JAW_TRAVEL * (state.unitsLeft[UNIT_INDEX[26]]! + state.unitsRight[UNIT_INDEX[26]]!)) / 2;
  const { mouth } = mesh.surface.heights;
  if (gap > 5) drawTongue(context, mesh, mouth + 9 + jaw * 0.85);
  if (gap > 2.5) drawTeeth(context, mesh, mouth + 3.6 + jaw, mouth + 14 + jaw, lamp, 0.66);
  drawTeeth(context, mesh, mouth - 8, mouth + 2.8, lamp, 0.92);
  // Lips shade what lies behind them.
  context.strokeStyle = "rgba(38,8,10,0.42)";
  context.lineWidth = 2.6;
  context.beginPath();
  traceCurve(context, upper);
  context.stroke();
  context.restore();
}

/** A row of teeth between two heights, fixed to the skull or moved by the jaw. */
function drawTeeth(
  context: SKRSContext2D,
  mesh: HeadMesh,
  top: number,
  bottom: number,
  lamp: Lamp,
  brightness: number,
): void {
  const front = mesh.surface.frontDepth(mesh.surface.heights.mouth) + 2;
  const arc = (x: number): number => front - (x / 23) ** 2 * 15;
  const xs = [-23, -17, -10, -4, 4, 10, 17, 23];
  const edge = (y: number, bow: number): ImagePoint[] =>
    xs.map((x) => mesh.view.project(x, y - bow * (x / 23) ** 2, arc(x)));
  const light = lightOn(lamp, 0, 0.1, 0.95);
  const left = mesh.view.project(-24, top, arc(23));
  const right = mesh.view.project(24, top, arc(23));
  const gradient = context.createLinearGradient(left.x, 0, right.x, 0);
  const white = scale(scale([240, 232, 218], brightness), scale(light, 255));
  gradient.addColorStop(0, css(scale(white, 0.45)));
  gradient.addColorStop(0.3, css(white));
  gradient.addColorStop(0.7, css(white));
  gradient.addColorStop(1, css(scale(white, 0.45)));
  tracePair(context, edge(top, 0), edge(bottom, 1.6));
  context.fillStyle = gradient;
  context.fill();
  context.strokeStyle = "rgba(96,70,62,0.28)";
  context.lineWidth = 0.7;
  context.beginPath();
  for (const border of TEETH) {
    for (const x of border === 0 ? [0] : [-border, border]) {
      const a = mesh.view.project(x, top, arc(x));
      const b = mesh.view.project(x, bottom, arc(x));
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
    }
  }
  context.stroke();
}

function drawTongue(context: SKRSContext2D, mesh: HeadMesh, y: number): void {
  const depth = mesh.surface.frontDepth(y) - 12;
  const at = mesh.view.project(0, y + 3, depth);
  const side = mesh.view.project(16, y + 3, depth);
  const radius = Math.max(2, side.x - at.x);
  const gradient = context.createRadialGradient(at.x, at.y - 1, 0, at.x, at.y, radius);
  gradient.addColorStop(0, "rgb(178,92,92)");
  gradient.addColorStop(1, "rgb(112,44,48)");
  context.fillStyle = gradient;
  context.beginPath();
  context.ellipse(at.x, at.y, radius, radius * 0.5, 0, 0, 2 * Math.PI);
  context.fill();
}

function drawLipLine(
  context: SKRSContext2D,
  upper: readonly ImagePoint[],
  lower: readonly ImagePoint[],
  identity: Identity,
  lamp: Lamp,
  gap: number,
): void {
  const light = lightOn(lamp, 0, 0.3, 0.9);
  const dark = scale(scale(lipColour(identity), [118, 84, 84]), scale(light, 255));
  context.lineCap = "round";
  context.strokeStyle = css(dark, 0.85);
  context.lineWidth = 1.1;
  context.beginPath();
  traceCurve(context, upper);
  if (gap <= 0.9) {
    context.stroke();
    return;
  }
  context.globalAlpha = 0.6;
  traceCurve(context, lower);
  context.stroke();
  context.globalAlpha = 1;
}
