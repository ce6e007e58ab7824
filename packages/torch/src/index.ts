// libtorch for TypeScript. Everything public, by name.
import { useAllProcessors } from "./device.ts";

export {
  type AutocastOptions,
  autocast,
  enableGrad,
  type GradOptions,
  grad,
  isGradEnabled,
  noGrad,
} from "./autograd.ts";
export * from "./creation.ts";
export { type Nested, sharedTensor, type TensorOptions, type TypedArray, tensor } from "./data.ts";
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
export type { Dtype } from "./dtype.ts";
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
export { Generator } from "./generator.ts";
export type { Index } from "./indexing.ts";
export * as nn from "./nn/index.ts";
export { operator } from "./operator.ts";
export * as ops from "./operators.ts";
export * as optim from "./optim/index.ts";
export { type Device, type MemoryFormat, parseSchema, type Scalar, type Schema } from "./schema.ts";
export { keep, liveTensors, scope } from "./scope.ts";
export type { Argument, Result } from "./tape.ts";
export { type BackwardOptions, type Dimensions, Tensor, type ToOptions } from "./tensor.ts";
export * from "./weights/index.ts";

useAllProcessors();
