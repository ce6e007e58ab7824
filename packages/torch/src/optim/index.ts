export { Adam, type AdamOptions, AdamW } from "./adam.ts";
export { clipGradNorm, clipGradValue } from "./clip.ts";
export { LARS, type LARSOptions } from "./lars.ts";
export { type Group, Optimizer, type OptimizerState, type ParameterGroup } from "./optimizer.ts";
/** Learning rates as functions of the step, from 0. They hold no state: a resumed run asks for the same step again. */
export * as schedules from "./schedules.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
