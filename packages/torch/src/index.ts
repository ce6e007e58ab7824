/// <reference lib="esnext.disposable" preserve="true" />
/**
 * libtorch for TypeScript. Everything public, by name. Importing it loads nothing native and sets nothing of the process.
 * @module
 */

export {
  type AutocastOptions,
  autocast,
  enableGrad,
  type GradOptions,
  grad,
  isGradEnabled,
  noGrad,
} from "./core/autograd.ts";
export { type Configuration, configure, FAST } from "./core/configure.ts";
export * from "./core/creation.ts";
export { type Nested, sharedTensor, type TensorOptions, tensor, upload } from "./core/data.ts";
export {
  cudaDeviceCount,
  getThreads,
  hasOneDnn,
  type Info,
  info,
  type MemoryUse,
  memoryUse,
  releaseFreeMemory,
  setThreads,
  synchronize,
  withThreads,
} from "./core/device.ts";
export { dispatch, hasOperator, operatorNames, operatorSchema } from "./core/dispatch.ts";
export {
  ArgumentError,
  DisposedError,
  LoadError,
  OperatorError,
  type OperatorErrorKind,
  ShapeError,
  TorchError,
  UnknownOperatorError,
} from "./core/errors.ts";
export { Generator, manualSeed } from "./core/generator.ts";
export type { Index } from "./core/indexing.ts";
export { operator } from "./core/operator.ts";
/** libtorch's operators, typed by their schemas, and functions of several operators. */
export * as ops from "./core/ops.ts";
export { dataReads } from "./core/reads.ts";
export {
  type Device,
  type Layout,
  type MemoryFormat,
  type OperatorFunction,
  type OperatorFunctions,
  parseSchema,
  type Reduction,
  type Scalar,
  type Schema,
  type SchemaArgument,
} from "./core/schema.ts";
export { keep, liveTensors, scope } from "./core/scope.ts";
export type { Argument, Result } from "./core/tape.ts";
export { type BackwardOptions, Tensor, type ToOptions } from "./core/tensor.ts";
export {
  type Dimensions,
  type Size,
  TensorOperations,
  type ValuesAndIndices,
} from "./core/tensorOperations.ts";
/** Processes that train together: c10d's process group, Gloo between CPUs and NCCL between GPUs. */
export * as distributed from "./distributed/index.ts";
export { loadWeights, saveWeights, tensorsOf } from "./loadWeights.ts";
/** Modules: layers, their parameters and buffers, and state dicts with PyTorch's names. */
export * as nn from "./nn/index.ts";
/** Optimisers, gradient clipping and schedules. */
export * as optim from "./optim/index.ts";
export * from "./weights/index.ts";
