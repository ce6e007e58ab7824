export { Adam, type AdamOptions, AdamW } from "./adam.ts";
export { clipGradNorm, clipGradValue } from "./clip.ts";
export { LARS, type LARSOptions } from "./lars.ts";
export { type Group, Optimizer, type OptimizerState, type ParameterGroup } from "./optimizer.ts";
export * as schedules from "./schedules.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
