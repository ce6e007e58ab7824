export * as blur from "./blur.ts";
export * as colorJitter from "./colorJitter.ts";
export * as cropFlip from "./cropFlip.ts";
export * as cutMix from "./cutMix.ts";
export * as faceSwap from "./faceSwap.ts";
export { uploadFrames } from "./frames.ts";
export * as grayscale from "./grayscale.ts";
export { parts } from "./images/parts.ts";
export type { ImageView } from "./imageView.ts";
export * as landmarkMask from "./landmarkMask.ts";
export { makeViews } from "./makeViews.ts";
export { denormalize, normalize } from "./normalize.ts";
export {
  type FaceViewOptions,
  faceViews,
  type ViewContext,
  type ViewPipeline,
} from "./pipeline.ts";
export { resize, resizeLandmarks, workingSize } from "./resize.ts";
export type { FaceViewSettings, ViewSettings } from "./settings.ts";
export type { RowGeometry, ViewBatch, ViewCounts } from "./viewBatch.ts";
