export {
  type BatchShape,
  BLOCKS,
  type BlockName,
  type FrameBatch,
  type Layout,
  positiveOffset,
  rowCount,
} from "./batch.ts";
export { ClipSampler, type SampledBatch } from "./clipSampler.ts";
export { type LeftOut, type LeftOutReason, SamplingError } from "./errors.ts";
export { planSampling, type SamplingPlan, type UsableClip } from "./plan.ts";
export type { PairSampling, SamplingSettings } from "./settings.ts";
