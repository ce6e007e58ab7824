/** How a camera sees a turned head: a rotation about the neck's top and a perspective projection. */
import type { Camera } from "../actor/identity.ts";
import type { Pose } from "../actor/nuisance.ts";

/** A point of the image, with its depth towards the camera in millimetres. */
export interface ImagePoint {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A camera view of a turned head. */
export interface CameraView {
  /** Row-major 3 x 3 rotation from head space to camera space. */
  readonly rotation: Float64Array;
  /** Shift in millimetres in camera space, after rotation and including the pivot. */
  readonly offset: readonly [number, number];
  readonly distance: number;
  /** Pixels; a millimetre at depth `distance - FACE_DEPTH` covers `pixelsPerMillimetre`. */
  readonly focal: number;
  readonly centreX: number;
  readonly centreY: number;
  readonly pivotY: number;
  /** Image of a point in head space. */
  project(x: number, y: number, z: number): ImagePoint;
}

/** Side of the frame in pixels that camera and drawing are laid out for. */
export const FRAME_PIXELS = 256;
/** The pupils of an average, upright head lie this far down the frame. */
const EYE_LINE = 118;
/** Where head and neck hinge: millimetres below the pupils. */
const PIVOT_Y = 62;
/** Depth of the face's plane in front of the ears, millimetres. */
const FACE_DEPTH = 70;

/** @returns the view of a pose */
export function viewOf(camera: Camera, pose: Pose): CameraView {
  const rotation = rotationOf(pose);
  const { distance } = camera;
  const focal = camera.pixelsPerMillimetre * (distance - FACE_DEPTH);
  const centreX = FRAME_PIXELS / 2 + camera.centreX;
  const centreY = EYE_LINE + camera.centreY;
  const offset = [pose.shiftX, pose.shiftY + PIVOT_Y] as const;
  const project = (x: number, y: number, z: number): ImagePoint => {
    const r = rotation;
    const py = y - PIVOT_Y;
    const depth = r[6]! * x + r[7]! * py + r[8]! * z;
    const zoom = focal / (distance - depth);
    return {
      x: centreX + (r[0]! * x + r[1]! * py + r[2]! * z + offset[0]) * zoom,
      y: centreY + (r[3]! * x + r[4]! * py + r[5]! * z + offset[1]) * zoom,
      z: depth,
    };
  };
  return { rotation, offset, distance, focal, centreX, centreY, pivotY: PIVOT_Y, project };
}

/** Yaw first, then pitch, then roll. */
function rotationOf({ yaw, pitch, roll }: Pose): Float64Array {
  const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)];
  const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)];
  const [cr, sr] = [Math.cos(roll), Math.sin(roll)];
  // Yaw turns the nose to the image's right, pitch turns it down (y is down), roll turns clockwise.
  const xRow = [cy, 0, sy];
  const yRow = [-sp * sy, cp, sp * cy];
  const zRow = [-cp * sy, -sp, cp * cy];
  return Float64Array.from([
    ...xRow.map((value, k) => cr * value - sr * yRow[k]!),
    ...yRow.map((value, k) => sr * xRow[k]! + cr * value),
    ...zRow,
  ]);
}
