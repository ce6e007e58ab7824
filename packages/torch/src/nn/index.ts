export {
  GELU,
  LeakyReLU,
  LogSoftmax,
  ReLU,
  Sigmoid,
  SiLU,
  Softmax,
  Tanh,
} from "./activation.ts";
export {
  MultiheadAttention,
  type MultiheadAttentionCall,
  type MultiheadAttentionOptions,
} from "./attention.ts";
export {
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormOptions,
  SyncBatchNorm,
  synchronizeBatchNorm,
} from "./batchNorm.ts";
/** Limits of gradients. */
export * as utils from "./clip.ts";
export { ModuleDict, ModuleList } from "./containers.ts";
export {
  Conv1d,
  type Conv1dOptions,
  Conv2d,
  type Conv2dOptions,
  Conv3d,
  type Conv3dOptions,
  type ConvOptions,
  ConvTranspose2d,
  type ConvTranspose2dOptions,
  type Pair,
  type Single,
  type Triple,
} from "./conv.ts";
export { Dropout, type DropoutOptions } from "./dropout.ts";
export { Embedding, type EmbeddingOptions, type PretrainedOptions } from "./embedding.ts";
/** PyTorch's initialisations, in place. Each takes the generator that it draws from. */
export * as init from "./init.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export { Loss, type LossOptions } from "./loss.ts";
export * from "./losses.ts";
export {
  type AnyModule,
  type LoadOptions,
  type LoadReport,
  Module,
  type Placement,
  StateDictError,
} from "./module.ts";
export { GroupNorm, type GroupNormOptions, LayerNorm, type LayerNormOptions } from "./norm.ts";
export { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d, type PoolOptions } from "./pooling.ts";
export { GRU, LSTM, type RecurrentOptions } from "./recurrent.ts";
export { chain, Sequential } from "./sequential.ts";
export { Flatten, Identity, Upsample, type UpsampleOptions } from "./shape.ts";
export * from "./similarity.ts";
