/**
 * What each action unit does to the skin: displacements in millimetres at full activation, as functions of the place
 * on the resting face. Directions are FACS's (Ekman, Friesen and Hager 2002); reach and size were set by eye.
 * Lids are not here: they are drawn as curves (see draw/eyes.ts).
 */
import { type ActionUnit, UNIT_ORDER } from "../actor/actionUnits.ts";
import type { HeadShape } from "../actor/identity.ts";
import { bump, clamp, mix, smoothstep } from "../actor/numeric.ts";
import type { HeadGrid } from "./grid.ts";
import type { FaceHeights } from "./surface.ts";

/** A place on one half of the face. */
interface Place {
  /** Distance from the midline, millimetres. */
  readonly a: number;
  readonly y: number;
  /** Below the mouth line, counted by vertex rows: at the line itself the skin is cut. */
  readonly below: boolean;
}

interface Build {
  readonly shape: HeadShape;
  readonly heights: FaceHeights;
}

/** Displacement away from the midline, down, and towards the camera. */
type Displacement = readonly [number, number, number];
type Field = (place: Place, build: Build) => Displacement;

/** 1 in the middle of the mouth, 0 from its corners on: how far the lips can part there. */
function parting(a: number, build: Build): number {
  return Math.sqrt(Math.max(0, 1 - (a / build.shape.mouthHalfWidth) ** 2));
}

const brow = (y: number, build: Build): number => y + build.shape.browLift;

const FIELDS: Partial<Record<ActionUnit, Field>> = {
  1: ({ a, y }, b) => [0, -8 * bump((a - 12) / 13, (brow(y, b) + 4) / (brow(y, b) < -4 ? 18 : 8)), 0.5],
  2: ({ a, y }, b) => [0, -8 * bump((a - 47) / 16, (brow(y, b) + 4) / (brow(y, b) < -4 ? 18 : 8)), 0],
  4: ({ a, y }, b) => {
    const low = bump((a - 17) / 17, (brow(y, b) + 1) / 11);
    return [
      -4 * bump((a - 15) / 11, (brow(y, b) + 1) / 12),
      5.5 * low,
      1.8 * bump(a / 9, (brow(y, b) - 2) / 8),
    ];
  },
  6: ({ a, y }) => {
    const lift = bump((a - 40) / 17, (y - 25) / 12);
    return [1.5 * bump((a - 52) / 12, (y - 12) / 14), -5 * lift, 4.5 * bump((a - 39) / 13, (y - 19) / 10)];
  },
  7: ({ a, y }, b) => [0, -1.2 * bump((a - b.shape.eyeSpacing) / 14, (y - 9) / 5), 0.5],
  9: ({ a, y }, b) => {
    const side = bump((a - 13) / 9, (y - b.heights.noseTip + 3) / 11);
    const root = bump(a / 12, (brow(y, b) - 5) / 9);
    return [1.2 * side, -4.5 * side + 3 * root, 1.5 * root + side];
  },
  10: ({ a, y, below }, b) => {
    const lift = bump((a - 12) / 13, (y - b.heights.mouth + 7) / 9);
    const free = Math.max(parting(a, b), smoothstep(0, 12, b.heights.mouth - y));
    return below ? [0, 0, 0] : [0.8 * lift, -5.5 * lift * free, 1.2 * lift];
  },
  12: ({ a, y }, b) => {
    const { mouthHalfWidth } = b.shape;
    const corner = bump((a - mouthHalfWidth - 1) / 14, (y - b.heights.mouth) / 12);
    const inner = clamp(a / mouthHalfWidth, 0, 1);
    const cheek = bump((a - 40) / 13, (y - 36) / 12);
    return [
      7.5 * corner * inner + 2 * cheek,
      -9.5 * corner * inner ** 1.6 - 3.5 * cheek,
      5 * cheek - 3 * corner * inner,
    ];
  },
  14: ({ a, y }, b) => {
    const corner = bump((a - b.shape.mouthHalfWidth - 2) / 9, (y - b.heights.mouth) / 8);
    const dent = bump((a - b.shape.mouthHalfWidth - 4) / 4, (y - b.heights.mouth) / 6);
    return [3.5 * corner, -2.2 * corner, -5 * dent];
  },
  15: ({ a, y }, b) => {
    const corner = bump((a - b.shape.mouthHalfWidth) / 10, (y - b.heights.mouth - 3) / 12);
    const pouch = bump((a - b.shape.mouthHalfWidth - 4) / 7, (y - b.heights.mouth - 13) / 7);
    return [0.8 * corner, 8 * corner * clamp(a / b.shape.mouthHalfWidth, 0, 1) ** 2, 2.5 * pouch];
  },
  16: ({ a, y, below }, b) => {
    const pull = bump((a - 9) / 14, (y - b.heights.mouth - 7) / 8);
    const free = Math.max(parting(a, b), smoothstep(0, 12, y - b.heights.mouth));
    return below ? [0, 5 * pull * free, 0.8 * pull] : [0, 0, 0];
  },
  17: ({ a, y }, b) => {
    const boss = bump(a / 17, (y - b.heights.mouth - 21) / 11);
    const lip = bump(a / 18, (y - b.heights.mouth - 4) / 8);
    return [0, -5.5 * boss - 4 * lip, 3 * lip + 2 * boss];
  },
  18: ({ a, y }, b) => {
    const near = bump(a / 30, (y - b.heights.mouth) / 12);
    return [
      -8 * near * clamp(a / b.shape.mouthHalfWidth, 0, 1),
      0,
      5.5 * bump(a / 18, (y - b.heights.mouth) / 10),
    ];
  },
  20: ({ a, y }, b) => {
    const corner = bump((a - b.shape.mouthHalfWidth) / 15, (y - b.heights.mouth - 2) / 15);
    return [8.5 * corner * clamp(a / b.shape.mouthHalfWidth, 0, 1), 2.8 * corner, -2 * corner];
  },
  23: ({ a, y, below }, b) => {
    const near = bump(a / 28, (y - b.heights.mouth) / 9);
    return [
      -2.5 * near * clamp(a / b.shape.mouthHalfWidth, 0, 1),
      rollIn(y, below, b) * parting(a, b) * 0.85,
      -1,
    ];
  },
  24: ({ a, y, below }, b) => [
    0,
    rollIn(y, below, b) * parting(a, b),
    -1.6 * bump(a / 24, (y - b.heights.mouth) / 9),
  ],
  25: ({ a, y, below }, b) => {
    const free = parting(a, b);
    const d = y - b.heights.mouth;
    return below ? [0, 4 * free * bump(0, d / 14), 0.4] : [0, -2 * free * bump(0, d / 9), 0.4];
  },
  26: ({ a, y, below }, b) => [
    -2.2 * bump((a - b.shape.mouthHalfWidth) / 10, (y - b.heights.mouth) / 14),
    jaw(a, y, below, b),
    0,
  ],
};

/** Lips rolled in over the teeth: their outer borders go to the mouth line, by up to half a lip's height. */
function rollIn(y: number, below: boolean, build: Build): number {
  const { mouth } = build.heights;
  const height = below ? build.shape.lowerLip : build.shape.upperLip;
  const d = Math.abs(y - mouth) / height;
  const amount = 0.5 * height * Math.min(d, 1) * bump(0, Math.max(0, d - 1) / 0.9);
  return below ? -amount : amount;
}

/** The jaw turns about the ears: the chin goes down, the lips part, the corners go halfway. */
function jaw(a: number, y: number, below: boolean, build: Build): number {
  const { mouth } = build.heights;
  const beside = smoothstep(mouth - 28, mouth + 24, y);
  const middle = below ? mix(0.92, 1, smoothstep(mouth, mouth + 20, y)) : 0;
  const hinge = 1 - 0.75 * smoothstep(42, 72, a);
  return 17 * hinge * mix(beside, middle, parting(a, build));
}

/** One unit on one half of the face: the vertices it moves, and where to. */
export interface Muscle {
  readonly vertices: Int32Array;
  /** [3 · vertices.length] millimetres at full activation. */
  readonly displacements: Float32Array;
}

/** Muscles by unit index: `left[UNIT_INDEX[12]]` pulls the lip corner on the image's left. */
export interface Muscles {
  readonly left: readonly Muscle[];
  readonly right: readonly Muscle[];
}

/** Evaluates every field on a grid. */
export function compileMuscles(grid: HeadGrid, shape: HeadShape, heights: FaceHeights): Muscles {
  const build = { shape, heights };
  const compile = (side: 1 | -1): Muscle[] =>
    UNIT_ORDER.map((unit) => compileMuscle(grid, build, FIELDS[unit], side));
  return { left: compile(-1), right: compile(1) };
}

function compileMuscle(grid: HeadGrid, build: Build, field: Field | undefined, side: 1 | -1): Muscle {
  const vertices: number[] = [];
  const displacements: number[] = [];
  for (let vertex = 0; field && vertex < grid.rows * grid.columns; vertex += 1) {
    const x = grid.positions[vertex * 3]!;
    // Both halves share the midline, so that a one-sided smile does not tear the lip.
    const half = smoothstep(-7, 7, x * side);
    // Nothing above the hairline or behind the ears moves.
    if (half === 0 || grid.positions[vertex * 3 + 2]! < 0 || grid.positions[vertex * 3 + 1]! < -80) continue;
    const row = Math.floor(vertex / grid.columns);
    const place = { a: Math.abs(x), y: grid.rowY[row]!, below: row >= grid.lowerLipRow };
    const [out, down, forward] = field(place, build);
    if (Math.abs(out) + Math.abs(down) + Math.abs(forward) < 0.02) continue;
    vertices.push(vertex);
    displacements.push(out * Math.sign(x) * half, down * half, forward * half);
  }
  return { vertices: Int32Array.from(vertices), displacements: Float32Array.from(displacements) };
}
