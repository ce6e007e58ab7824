/** Learn facial expression from unlabeled face video. */

export * from "./data/datasets/index.ts";
export * from "./data/prepare/index.ts";
export * from "./data/store/index.ts";
export * from "./deploy/export/index.ts";
export * from "./deploy/predict/index.ts";
export { ProbeError } from "./evaluate/errors.ts";
export type { ProbeOptions, ProbeSettings } from "./evaluate/options.ts";
export { type ProbeHooks, type ProbeProgress, probe } from "./evaluate/probe.ts";
export type { ProbeResult } from "./evaluate/result.ts";
export { readProbeResult } from "./evaluate/resultFile.ts";
export { readSavedProbe, type SavedProbe } from "./evaluate/savedProbe.ts";
export { ConfigError } from "./lib/errors.ts";
export { drawViewsSheet, type SheetOptions, type ViewsSheet } from "./report/preview/sheet.ts";
export { PlanError } from "./report/reproduce/errors.ts";
export { type Plan, type PlanInput, parsePlan, readPlan } from "./report/reproduce/plan.ts";
export { PLANS } from "./report/reproduce/plans.ts";
export { type ReproduceOptions, type Reproduction, reproduce } from "./report/reproduce/reproduce.ts";
export { BACKBONES, type Backbone, type BackboneName, buildBackbone } from "./ssl/backbones/index.ts";
export { RESNETS, ResNet, type ResNetName, type ResNetOptions } from "./ssl/backbones/resnet.ts";
export type { PretrainConfig } from "./ssl/config/config.ts";
export { PRESETS } from "./ssl/config/presets.ts";
export { readConfigFile, resolveConfig, type Settings } from "./ssl/config/resolveConfig.ts";
export * from "./ssl/loader/index.ts";
export * from "./ssl/losses/index.ts";
export * from "./ssl/methods/index.ts";
export { CheckpointError, RunFolderError } from "./ssl/run/errors.ts";
export {
  type LoadBackboneOptions,
  type LoadedBackbone,
  loadBackbone,
  UNTRAINED,
} from "./ssl/run/loadBackbone.ts";
export { type MetricsLine, readMetrics } from "./ssl/run/metricsLog.ts";
export * from "./ssl/sampling/index.ts";
export { NonFiniteError } from "./ssl/train/errors.ts";
export { type BatchGradient, contrastiveBackward } from "./ssl/train/gradient.ts";
export {
  type PretrainOptions,
  type PretrainProgress,
  type PretrainSummary,
  pretrain,
} from "./ssl/train/pretrain.ts";
export * from "./ssl/views/index.ts";
export * from "./ssl/weights/index.ts";
