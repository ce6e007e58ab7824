/** One actor's head, deformed by action units, turned, and projected by a camera. */
import type { Camera, HeadShape } from "../actor/identity.ts";
import type { FrameState } from "../actor/timeline.ts";
import { type Anchor, anchorAt, type HeadGrid, headGrid } from "./grid.ts";
import { compileMuscles, type Muscle, type Muscles } from "./muscles.ts";
import { type HeadSurface, headSurface } from "./surface.ts";
import { type CameraView, type ImagePoint, viewOf } from "./view.ts";

/**
 * Vertices are stored by component, as the rasteriser wants them. `update` overwrites them; everything else reads.
 */
export class HeadMesh {
  readonly surface: HeadSurface;
  readonly grid: HeadGrid;
  /** [3 · vertices] deformed positions in head space, millimetres. */
  readonly positions: Float32Array;
  /** [3 · vertices] unit normals in camera space. */
  readonly normals: Float32Array;
  /** [2 · vertices] image positions in pixels. */
  readonly screen: Float32Array;
  view: CameraView;
  readonly #muscles: Muscles;
  readonly #camera: Camera;

  constructor(shape: HeadShape, camera: Camera) {
    this.surface = headSurface(shape);
    this.grid = headGrid(this.surface);
    this.positions = new Float32Array(this.grid.positions);
    this.normals = new Float32Array(this.positions.length);
    this.screen = new Float32Array((this.positions.length / 3) * 2);
    this.#muscles = compileMuscles(this.grid, shape, this.surface.heights);
    this.#camera = camera;
    this.view = viewOf(camera, { yaw: 0, pitch: 0, roll: 0, shiftX: 0, shiftY: 0 });
  }

  /** Anchors a place of the resting face, in millimetres. */
  anchor(x: number, y: number): Anchor {
    return anchorAt(this.grid, this.surface, x, y);
  }

  /** Takes on a frame's expression and pose. */
  update(state: FrameState): void {
    this.view = viewOf(this.#camera, state.pose);
    this.positions.set(this.grid.positions);
    this.#muscles.left.forEach((muscle, i) => {
      contract(this.positions, muscle, state.unitsLeft[i]!);
    });
    this.#muscles.right.forEach((muscle, i) => {
      contract(this.positions, muscle, state.unitsRight[i]!);
    });
    gridNormals(this.grid, this.positions, this.view, this.normals);
    projectAll(this.positions, this.view, this.screen);
  }

  /** Where an anchor is in head space now. */
  place(anchor: Anchor): [number, number, number] {
    const result: [number, number, number] = [0, 0, 0];
    anchor.vertices.forEach((vertex, k) => {
      for (let c = 0; c < 3; c += 1) result[c]! += anchor.weights[k]! * this.positions[vertex * 3 + c]!;
    });
    return result;
  }

  /** Where an anchor is in the image now. */
  locate(anchor: Anchor): ImagePoint {
    const [x, y, z] = this.place(anchor);
    return this.view.project(x, y, z);
  }
}

function contract(positions: Float32Array, muscle: Muscle, activation: number): void {
  if (activation === 0) return;
  const { vertices, displacements } = muscle;
  for (let k = 0; k < vertices.length; k += 1) {
    const at = vertices[k]! * 3;
    positions[at]! += activation * displacements[k * 3]!;
    positions[at + 1]! += activation * displacements[k * 3 + 1]!;
    positions[at + 2]! += activation * displacements[k * 3 + 2]!;
  }
}

/**
 * Unit normals in camera space, from central differences along rows and columns.
 * @param positions [3 · vertices] head space   @param normals [3 · vertices], written
 */
export function gridNormals(
  grid: HeadGrid,
  positions: Float32Array,
  view: CameraView,
  normals: Float32Array,
): void {
  const { rows, columns } = grid;
  const r = view.rotation;
  for (let row = 0; row < rows; row += 1) {
    const up = row > 0 ? -columns * 3 : 0;
    const down = row < rows - 1 ? columns * 3 : 0;
    for (let column = 0; column < columns; column += 1) {
      const at = (row * columns + column) * 3;
      const before = column > 0 ? -3 : 0;
      const after = column < columns - 1 ? 3 : 0;
      const ax = positions[at + after]! - positions[at + before]!;
      const ay = positions[at + after + 1]! - positions[at + before + 1]!;
      const az = positions[at + after + 2]! - positions[at + before + 2]!;
      const bx = positions[at + down]! - positions[at + up]!;
      const by = positions[at + down + 1]! - positions[at + up + 1]!;
      const bz = positions[at + down + 2]! - positions[at + up + 2]!;
      const nx = ay * bz - az * by;
      const ny = az * bx - ax * bz;
      const nz = ax * by - ay * bx;
      const inverse = 1 / Math.max(1e-6, Math.sqrt(nx * nx + ny * ny + nz * nz));
      normals[at] = (r[0]! * nx + r[1]! * ny + r[2]! * nz) * inverse;
      normals[at + 1] = (r[3]! * nx + r[4]! * ny + r[5]! * nz) * inverse;
      normals[at + 2] = (r[6]! * nx + r[7]! * ny + r[8]! * nz) * inverse;
    }
  }
}

/** Projects vertices. @param positions [3 · n] head space   @param screen [2 · n] pixels, written */
export function projectAll(positions: Float32Array, view: CameraView, screen: Float32Array): void {
  const { rotation: r, offset, distance, focal, centreX, centreY, pivotY } = view;
  for (let k = 0, at = 0; at < positions.length; k += 2, at += 3) {
    const x = positions[at]!;
    const y = positions[at + 1]! - pivotY;
    const z = positions[at + 2]!;
    const depth = distance - (r[6]! * x + r[7]! * y + r[8]! * z);
    const zoom = focal / depth;
    screen[k] = centreX + (r[0]! * x + r[1]! * y + r[2]! * z + offset[0]!) * zoom;
    screen[k + 1] = centreY + (r[3]! * x + r[4]! * y + r[5]! * z + offset[1]!) * zoom;
  }
}
