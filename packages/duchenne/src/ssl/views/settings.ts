import type { Component } from "../config/components.ts";
import type { FrameViewSettings, PretrainConfig } from "../config/config.ts";

/** The settings that `faceViews` has. */
export const FACE_VIEW_SETTINGS = [
  "size",
  "landmarkMaskProbability",
  "flipProbability",
  "brightness",
  "contrast",
  "saturation",
  "hue",
  "jitterProbability",
  "blurProbability",
  "grayscaleProbability",
  "faceSwapProbability",
  "maskFnProbability",
  "cutMixAlpha",
  "curriculum",
  "curriculumFraction",
  "curriculumTop1",
] as const satisfies readonly (keyof FrameViewSettings | keyof PretrainConfig)[];
/** The settings of `FACE_VIEW_SETTINGS`. */
export type FaceViewSettings = Pick<PretrainConfig, (typeof FACE_VIEW_SETTINGS)[number]>;

/** The components that act on images; the others act on which frames are drawn, or in the loss. */
export const VIEW_COMPONENTS = ["faceSwap", "cutMix"] as const satisfies readonly Component[];

/** Everything that decides the views of a batch, besides its frames and the random stream. */
export type ViewSettings = FaceViewSettings & Pick<PretrainConfig, (typeof VIEW_COMPONENTS)[number]>;
