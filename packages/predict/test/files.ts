import { riseOf } from "@duchenne/crop";
import type { Preprocessor } from "../src/index.ts";

export const PREPROCESSOR: Preprocessor = {
  faceScale: 1.6,
  alignEyes: false,
  faceSize: 128,
  resizeTo: 73,
  size: 64,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** As a user's folder has them; written down here, so that the writer is not its own judge. */
export const CONFIG_JSON = {
  model_type: "duchenne",
  format_version: 1,
  backbone: "resnet18",
  image_size: 64,
  num_channels: 3,
  hidden_size: 4,
  heads: ["expression", "valence_arousal"],
  id2label: { "0": "neutral", "1": "happy" },
  label2id: { neutral: 0, happy: 1 },
};

export const PREPROCESSOR_JSON = {
  image_processor_type: "DuchenneImageProcessor",
  do_convert_rgb: true,
  face_crop: { size: 128, scale: 1.6, rise: riseOf(1.6), align_eyes: false, resample: 3 },
  do_resize: true,
  size: { height: 73, width: 73 },
  resample: 2,
  do_center_crop: true,
  crop_size: { height: 64, width: 64 },
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
};
