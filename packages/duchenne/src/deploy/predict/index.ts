export { type Input, listInputs } from "./inputs.ts";
export { openModel } from "./openModel.ts";
export type { PredictedFace, PredictedFrame } from "./predictFrames.ts";
export {
  type PredictHooks,
  type PredictOptions,
  type PredictProgress,
  type PredictSummary,
  predictFile,
  predictVideos,
} from "./predictVideos.ts";
export { type FaceRow, rowsOf } from "./rows.ts";
export { findShippedModel, type ShippedModel } from "./shippedModel.ts";
