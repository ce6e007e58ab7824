/**
 * Which part of a picture is the face, and its pixels: pure functions, the same in Node and in a browser.
 * @module
 */

export { boxOfLandmarks, overlapOf } from "./box.ts";
export {
  type AxisTaps,
  CUBIC,
  cropImage,
  type Kernel,
  type Resampler,
  resampleInTypeScript,
  TRIANGLE,
} from "./resample.ts";
export {
  eyeAngle,
  meanPoint,
  RISE_PER_BOX,
  riseOf,
  SIDE_PER_BOX,
  squareOfBox,
  squareOfImage,
  squareOfLandmarks,
  toCropPixels,
  toFramePixels,
} from "./square.ts";
export type * from "./types.ts";
