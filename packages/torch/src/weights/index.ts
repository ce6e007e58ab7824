export { WeightsError, type WeightsErrorFields } from "./errors.ts";
export { loadWeights, readWeights, saveWeights, tensorsOf } from "./load.ts";
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
export { parseSafetensors, readSafetensors, type Safetensors } from "./safetensors.ts";
export { writeSafetensors } from "./safetensorsWriter.ts";
export type { StateDict, TensorData } from "./tensorData.ts";
