export { landmarkFeature } from "./landmarkFeature.ts";
export { type PrepareHooks, type PrepareSummary, prepare } from "./prepare.ts";
export type { Progress } from "./progress.ts";
export type { PrepareOptions } from "./settings.ts";
export type { ShardChoice } from "./shard.ts";
