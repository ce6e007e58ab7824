/**
 * Reading and writing weights files, without libtorch: nothing here imports the engine (a test holds that).
 * @module
 */

export type { Dtype } from "../core/dtype.ts";
export type { TypedArray } from "../core/typedArrays.ts";
export { WeightsError, type WeightsErrorFields } from "./errors.ts";
export {
  type MatchOptions,
  matchNames,
  type NamedShape,
  type NameMatch,
  type ShapeMismatch,
} from "./names.ts";
export type { PickleScalar } from "./pickleValues.ts";
export { parsePth, readPth } from "./pth.ts";
export type { PthFile } from "./pthStateDict.ts";
export { readWeights } from "./readWeights.ts";
export { parseSafetensors, readSafetensors, type Safetensors } from "./safetensors.ts";
export { writeSafetensors } from "./safetensorsWriter.ts";
export { type StateDict, type TensorData, valuesOf } from "./tensorData.ts";
