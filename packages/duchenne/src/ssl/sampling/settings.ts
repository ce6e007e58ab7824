import type { PretrainConfig } from "../config/config.ts";

/** How far apart the frames of one clip are drawn. */
export type PairSampling = Pick<PretrainConfig, "timeAugSeconds" | "timeAugWeighting" | "hardNegSeconds">;

/** Everything that decides which frames a batch has, besides the store and the seed. */
export type SamplingSettings = PairSampling &
  Pick<PretrainConfig, "timeAug" | "hardNeg" | "faceSwap" | "batch" | "splits">;
