/**
 * Learn facial expression from unlabeled face video: the names most programs need. The rest is in `duchenne/data`,
 * `duchenne/synth`, `duchenne/ssl`, `duchenne/evaluate` and `duchenne/deploy`.
 * @module
 */

import "./lib/globals.ts";

export { prepare } from "./data/prepare/index.ts";
export { FrameStore } from "./data/store/index.ts";
export { exportModel, loadPart } from "./deploy/export/index.ts";
export { listInputs, openModel, predictFile, predictVideos } from "./deploy/predict/index.ts";
export { probe } from "./evaluate/index.ts";
export { adam, faceViews, loadBackbone, pretrain, resnet18, sslFer, warmupCosine } from "./ssl/index.ts";
