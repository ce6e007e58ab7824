/**
 * Expression, valence and arousal of faces with an exported model, through onnxruntime-node or onnxruntime-web.
 * @module
 */

export {
  EMBEDDING,
  HEADS,
  type Head,
  INPUT,
  type ModelConfig,
  parseConfig,
  writeConfig,
} from "./config.ts";
export { InputError, ModelError } from "./errors.ts";
export type { Face } from "./faceCrop.ts";
export { fetchModel, loadModel, MODEL_FILES, type ModelFiles } from "./load.ts";
export { Model, type Prediction } from "./model.ts";
export type { Pixels } from "./pixels.ts";
export { type Preprocessor, parsePreprocessor, writePreprocessor } from "./preprocessor.ts";
export type { OrtRuntime, SessionOptions } from "./runtime.ts";
export { Smoother } from "./smoother.ts";
