export { GELU, LeakyReLU, ReLU, Sigmoid, SiLU, Tanh } from "./activation.ts";
export {
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormOptions,
  SyncBatchNorm,
  synchronizeBatchNorm,
} from "./batchNorm.ts";
export { Conv2d, type Conv2dOptions, type Pair } from "./conv.ts";
export { Dropout, type DropoutOptions } from "./dropout.ts";
/** PyTorch's initialisations, in place. Each takes the generator that it draws from. */
export * as init from "./init.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export {
  type AnyModule,
  type LoadOptions,
  type LoadReport,
  Module,
  type Placement,
  StateDictError,
} from "./module.ts";
export { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d, type PoolOptions } from "./pooling.ts";
export { chain, Sequential } from "./sequential.ts";
