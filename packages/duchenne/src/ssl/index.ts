/**
 * Self-supervised learning of expression: methods, views, sampling and the training loop, as values that a program can replace.
 * @module
 */

import "../lib/globals.ts";

export { ConfigError, ExplainedError } from "../lib/errors.ts";
export { Random } from "../lib/random.ts";
export {
  BACKBONES,
  type Backbone,
  type BackboneDefinition,
  type BackboneName,
  buildBackbone,
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  slimResNet,
  tinyResNet,
} from "./backbones/index.ts";
export type { Init } from "./backbones/residual.ts";
export { Block, convolution, Residual } from "./backbones/residual.ts";
export { RESNETS, ResNet, type ResNetName, type ResNetOptions } from "./backbones/resnet.ts";
export { SequentialBackbone } from "./backbones/sequential.ts";
export { COMPONENTS, type Component, ComponentError, type ComponentSwitches } from "./config/components.ts";
export {
  ARCHITECTURES,
  type FrameViewSettings,
  METHOD_NAMES,
  type MethodName,
  type PretrainConfig,
  type RecordedSettings,
  type RunConfig,
} from "./config/config.ts";
export { PRESET_NAMES, PRESETS, type PresetName } from "./config/presets.ts";
export { readConfigFile, resolveConfig, type Settings } from "./config/resolveConfig.ts";
export {
  ExpressionGeometry,
  type Faces,
  GEOMETRY_LENGTH,
  type Geometry,
} from "./features/expressionGeometry.ts";
export { resnetFeature } from "./features/resnetFeature.ts";
export { BatchLoader, LoaderError, type LoaderOptions } from "./loader/index.ts";
export * from "./losses/index.ts";
export * from "./methods/index.ts";
export { CheckpointError, RunFolderError } from "./run/errors.ts";
export {
  type LoadBackboneOptions,
  type LoadedBackbone,
  loadBackbone,
  UNTRAINED,
} from "./run/loadBackbone.ts";
export { type MetricsLine, readMetrics } from "./run/metricsLog.ts";
export { type RunRecord, readRunRecord } from "./run/runRecord.ts";
export * from "./sampling/index.ts";
export { NonFiniteError, RankMismatchError } from "./train/errors.ts";
export {
  type BatchGradient,
  contrastiveBackward,
  type ForwardContext,
  sumGradients,
} from "./train/gradient.ts";
export {
  adam,
  adamw,
  type LoopOptimizer,
  lars,
  type OptimizerDefinition,
  type OptimizerOptions,
  sgd,
} from "./train/optimizers.ts";
export {
  type PretrainControl,
  type PretrainOptions,
  type PretrainProgress,
  type PretrainSummary,
  pretrain,
} from "./train/pretrain.ts";
export type { RunValues, TrainingSettings } from "./train/runPlan.ts";
export {
  constant,
  holdCosine,
  type ScheduleContext,
  type ScheduleDefinition,
  type WarmupOptions,
  warmupCosine,
} from "./train/schedules.ts";
export { methodFromConfig, valuesFromConfig } from "./valuesFromConfig.ts";
export * from "./views/index.ts";
export * from "./weights/index.ts";
