import type { FeatureKind } from "../store/manifest.ts";
import { LANDMARK_FEATURE_LENGTH, landmarkFeature } from "./landmarkFeature.ts";

/** Computes the eye+mouth features of some faces. */
export type FeatureExtractor = {
  /**
   * @param images [n, size, size, 3] RGB crops, one array each   @param landmarks [n][68 · 2] in crop pixels
   * @returns n arrays of the feature's length
   */
  compute: (
    images: readonly Uint8Array[],
    landmarks: readonly Float32Array[],
    size: number,
  ) => Float32Array[];
};

export type Feature = {
  kind: FeatureKind;
  length: number;
  /** Changes whenever the numbers do. */
  version: string;
  /** @param weights path of the weights file, for features that need one */
  load: (weights: string | undefined) => Promise<FeatureExtractor>;
};

const landmarks: Feature = {
  kind: "landmarks",
  length: LANDMARK_FEATURE_LENGTH,
  version: "landmarks-1",
  load: async () => ({ compute: (_images, points) => points.map(landmarkFeature) }),
};

/** The eye+mouth features there are. */
export const FEATURES = { landmarks } as const satisfies Record<FeatureKind, Feature>;
