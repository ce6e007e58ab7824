/** The 68 points of the 300-W scheme (Sagonas et al. 2013) on a drawn face: dlib's order, known from the drawing. */

import type { HeadShape } from "../actor/identity.ts";
import type { FrameState } from "../actor/timeline.ts";
import { type Anchor, anchorInRow } from "../head/grid.ts";
import type { HeadMesh } from "../head/mesh.ts";
import type { ImagePoint } from "../head/view.ts";
import { BROW_OUTER, browLine } from "./brows.ts";
import { type Eye, lidsOf } from "./eyes.ts";
import { lowerLipHeight, upperLipHeight } from "./lips.ts";

/** Heights of the jaw's points 0 to 8 on the average head, millimetres below the pupils; the last is the chin. */
const JAW = [-6, 14, 34, 53, 70, 85, 98, 108] as const;

/** Anchors of all points but the eyes', in dlib's order. */
function faceAnchors(mesh: HeadMesh, shape: HeadShape): Anchor[] {
  const { noseTip, noseBase, mouth, chin } = mesh.surface.heights;
  const jaw = JAW.map((y) => (y > 45 ? 45 + (y - 45) * shape.lowerLength : y));
  const jawAt = (side: number): Anchor[] =>
    jaw.map((y) => mesh.anchor(side * mesh.surface.halfWidth(y) * 0.985, y));
  const brow = (side: number): Anchor[] =>
    [1, 0.76, 0.5, 0.26, 0.02].map((t) => {
      const a = shape.browInner + t * (BROW_OUTER - shape.browInner);
      return mesh.anchor(side * a, browLine(shape, a));
    });
  const nose = [-1, 0.32, 0.65, 1].map((t) => mesh.anchor(0, t < 0 ? -2 : noseTip * t));
  const wing = shape.noseHalfWidth;
  const base = [-0.85, -0.42, 0, 0.42, 0.85].map((s) => mesh.anchor(s * wing, noseBase - Math.abs(s) * 2));
  return [
    ...jawAt(-1),
    mesh.anchor(0, chin - 1),
    ...jawAt(1).reverse(),
    ...brow(-1),
    ...brow(1).reverse(),
    ...nose,
    ...base,
    ...mouthAnchors(mesh, shape, mouth),
  ];
}

/** Points 48 to 67. */
function mouthAnchors(mesh: HeadMesh, shape: HeadShape, mouth: number): Anchor[] {
  const reach = shape.mouthHalfWidth;
  const { grid, surface } = mesh;
  const upper = [-0.62, -0.24, 0, 0.24, 0.62].map((s) =>
    mesh.anchor(s * reach, mouth - upperLipHeight(shape, s * reach)),
  );
  const lower = [0.6, 0.28, 0, -0.28, -0.6].map((s) =>
    mesh.anchor(s * reach, mouth + lowerLipHeight(shape, s * reach)),
  );
  const inner = (row: number, shares: readonly number[]): Anchor[] =>
    shares.map((s) => anchorInRow(grid, surface, s * reach, row));
  const corner = (s: number): Anchor => mesh.anchor(s * reach, mouth);
  return [
    corner(-1),
    ...upper,
    corner(1),
    ...lower,
    corner(-0.86),
    ...inner(grid.lowerLipRow - 1, [-0.3, 0, 0.3]),
    corner(0.86),
    ...inner(grid.lowerLipRow, [0.3, 0, -0.3]),
  ];
}

/** Gives the landmarks of each frame a mesh has taken on. */
export class LandmarkReader {
  readonly #mesh: HeadMesh;
  readonly #eyes: readonly [Eye, Eye];
  readonly #anchors: readonly Anchor[];

  constructor(mesh: HeadMesh, eyes: readonly [Eye, Eye], shape: HeadShape) {
    this.#mesh = mesh;
    this.#eyes = eyes;
    this.#anchors = faceAnchors(mesh, shape);
  }

  /** @returns [68] points in image pixels, of the state the mesh was last updated with */
  read(state: FrameState): ImagePoint[] {
    const face = this.#anchors.map((anchor) => this.#mesh.locate(anchor));
    const [left, right] = this.#eyes.map((eye) => lidsOf(this.#mesh, eye, state));
    // Curves run from the inner to the outer corner; dlib goes clockwise from the left end of each eye.
    const leftEye = [8, 6, 2]
      .map((k) => left!.upper[k]!)
      .concat(left!.upper[0]!, left!.lower[2]!, left!.lower[6]!);
    const rightEye = [0, 2, 6]
      .map((k) => right!.upper[k]!)
      .concat(right!.upper[8]!, right!.lower[6]!, right!.lower[2]!);
    return [...face.slice(0, 36), ...leftEye, ...rightEye, ...face.slice(36)];
  }
}
