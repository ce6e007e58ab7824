import type { PretrainConfig } from "../config/config.ts";

/** How far apart the frames of one clip are drawn, and whether hard negatives are warped copies. */
export type PairSampling = Pick<
  PretrainConfig,
  "timeAugSeconds" | "timeAugWeighting" | "hardNegSeconds" | "hardNegWarp"
>;

const SETTINGS = [
  "timeAug",
  "hardNeg",
  "faceSwap",
  "batch",
  "splits",
  "timeAugSeconds",
  "timeAugWeighting",
  "hardNegSeconds",
  "hardNegWarp",
] as const satisfies readonly (keyof SamplingSettings)[];

/** The sampler's settings among others. */
export const pickSampling = (settings: SamplingSettings): SamplingSettings =>
  Object.fromEntries(SETTINGS.map((key) => [key, settings[key]])) as unknown as SamplingSettings;

/** Everything that decides which frames a batch has, besides the store and the seed. */
export type SamplingSettings = PairSampling &
  Pick<PretrainConfig, "timeAug" | "hardNeg" | "faceSwap" | "batch" | "splits">;
