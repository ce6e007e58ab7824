/** Former names of `nn.utils.clipGradNorm_` and `nn.utils.clipGradValue_`, kept for one version. */
export { clipGradNorm_ as clipGradNorm, clipGradValue_ as clipGradValue } from "../nn/clip.ts";
export { Adam, type AdamOptions, AdamW } from "./adam.ts";
export { LARS, type LARSOptions } from "./lars.ts";
export { type Group, Optimizer, type OptimizerState, type ParameterGroup } from "./optimizer.ts";
/** Learning rates as functions of the step, from 0. They hold no state: a resumed run asks for the same step again. */
export * as schedules from "./schedules.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
