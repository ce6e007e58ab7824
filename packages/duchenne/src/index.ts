/** Learn facial expression from unlabeled face video. */

export { BACKBONES, type Backbone, type BackboneName, buildBackbone } from "./backbones/index.ts";
export { RESNETS, ResNet, type ResNetName, type ResNetOptions } from "./backbones/resnet.ts";
export * from "./datasets/index.ts";
export * from "./export/index.ts";
export * from "./loader/index.ts";
export * from "./losses/index.ts";
export * from "./methods/index.ts";
export * from "./predict/index.ts";
export * from "./prepare/index.ts";
export { ProbeError } from "./probe/errors.ts";
export type { ProbeOptions, ProbeSettings } from "./probe/options.ts";
export { type ProbeHooks, type ProbeProgress, probe } from "./probe/probe.ts";
export type { ProbeResult } from "./probe/result.ts";
export { readProbeResult } from "./probe/resultFile.ts";
export { readSavedProbe, type SavedProbe } from "./probe/savedProbe.ts";
export { PlanError } from "./reproduce/errors.ts";
export { type Plan, type PlanInput, parsePlan, readPlan } from "./reproduce/plan.ts";
export { PLANS } from "./reproduce/plans.ts";
export { type ReproduceOptions, type Reproduction, reproduce } from "./reproduce/reproduce.ts";
export * from "./sampling/index.ts";
export * from "./store/index.ts";
export type { PretrainConfig } from "./train/config.ts";
export { CheckpointError, ConfigError, NonFiniteError, RunFolderError } from "./train/errors.ts";
export { type BatchGradient, contrastiveBackward } from "./train/gradient.ts";
export {
  type LoadBackboneOptions,
  type LoadedBackbone,
  loadBackbone,
  UNTRAINED,
} from "./train/loadBackbone.ts";
export { type MetricsLine, readMetrics } from "./train/metricsLog.ts";
export { PRESETS } from "./train/presets.ts";
export {
  type PretrainOptions,
  type PretrainProgress,
  type PretrainSummary,
  pretrain,
} from "./train/pretrain.ts";
export { readConfigFile, resolveConfig, type Settings } from "./train/resolveConfig.ts";
export * from "./views/index.ts";
export { drawViewsSheet, type SheetOptions, type ViewsSheet } from "./views/sheet.ts";
export * from "./weights/index.ts";
