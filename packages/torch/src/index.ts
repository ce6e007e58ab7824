// libtorch for TypeScript. Everything public, by name. Importing it loads nothing native and sets nothing of the process.
export {
  type AutocastOptions,
  autocast,
  enableGrad,
  type GradOptions,
  grad,
  isGradEnabled,
  noGrad,
} from "./autograd.ts";
export { type Configuration, configure, FAST } from "./configure.ts";
export * from "./creation.ts";
export { type Nested, sharedTensor, type TensorOptions, tensor } from "./data.ts";
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
} from "./device.ts";
export { dispatch, hasOperator, operatorNames, operatorSchema } from "./dispatch.ts";
export {
  ArgumentError,
  DisposedError,
  LoadError,
  OperatorError,
  type OperatorErrorKind,
  ShapeError,
  TorchError,
  UnknownOperatorError,
} from "./errors.ts";
export { Generator, manualSeed } from "./generator.ts";
export type { Index } from "./indexing.ts";
export { loadWeights, saveWeights, tensorsOf } from "./loadWeights.ts";
export * as nn from "./nn/index.ts";
export { operator } from "./operator.ts";
export * as ops from "./ops.ts";
export * as optim from "./optim/index.ts";
export {
  type Device,
  type Layout,
  type MemoryFormat,
  type OperatorFunction,
  type OperatorFunctions,
  parseSchema,
  type Scalar,
  type Schema,
  type SchemaArgument,
} from "./schema.ts";
export { keep, liveTensors, scope } from "./scope.ts";
export type { Argument, Result } from "./tape.ts";
export {
  type BackwardOptions,
  type Dimensions,
  type Size,
  Tensor,
  type ToOptions,
  type ValuesAndIndices,
} from "./tensor.ts";
export * from "./weights/index.ts";
