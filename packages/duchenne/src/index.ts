/** Learn facial expression from unlabeled face video. */

export * from "./data/datasets/index.ts";
export * from "./data/prepare/index.ts";
export * from "./data/store/index.ts";
export * from "./deploy/export/index.ts";
export * from "./deploy/predict/index.ts";
export { ProbeError } from "./evaluate/errors.ts";
export type { ProbeOptions, ProbeSettings } from "./evaluate/options.ts";
export { type ProbeHooks, type ProbeProgress, probe } from "./evaluate/probe.ts";
export type { ProbeResult } from "./evaluate/result.ts";
export { readProbeResult } from "./evaluate/resultFile.ts";
export { readSavedProbe, type SavedProbe } from "./evaluate/savedProbe.ts";
export { ConfigError } from "./lib/errors.ts";
export { drawViewsSheet, type SheetOptions, type ViewsSheet } from "./report/preview/sheet.ts";
export { PlanError } from "./report/reproduce/errors.ts";
export { type PlanInput, parsePlan, type ReproducePlan, readPlan } from "./report/reproduce/plan.ts";
export { PLANS } from "./report/reproduce/plans.ts";
export { type ReproduceOptions, type Reproduction, reproduce } from "./report/reproduce/reproduce.ts";
export * from "./ssl/index.ts";
