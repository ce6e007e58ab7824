import type { FeatureKind } from "../store/manifest.ts";
import { RESNET_FEATURE_LENGTH } from "./featureLengths.ts";
import { LANDMARK_FEATURE_LENGTH, landmarkFeature } from "./landmarkFeature.ts";
import { aboutRestingShape } from "./restingShape.ts";

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
  /** What the whole of a track says about its frames' features, in order of time; the same number of them. */
  settle: (features: readonly Float32Array[], timesSeconds: readonly number[]) => readonly Float32Array[];
};

export type Feature = {
  kind: FeatureKind;
  length: number;
  /** Changes whenever the numbers do. */
  version: string;
  needsWeights: boolean;
  /** @param weights path of the weights file, for features that need one */
  load: (weights: string | undefined) => Promise<FeatureExtractor>;
};

const landmarks: Feature = {
  kind: "landmarks",
  length: LANDMARK_FEATURE_LENGTH,
  version: "landmarks-2",
  needsWeights: false,
  load: async () => ({
    compute: (_images, points) => points.map(landmarkFeature),
    settle: aboutRestingShape,
  }),
};

const resnet18: Feature = {
  kind: "resnet18",
  length: RESNET_FEATURE_LENGTH,
  version: "resnet18-1",
  needsWeights: true,
  load: async (weights) => {
    // The engine is loaded by those alone who ask for it.
    const { ResNetFeature } = await import("./resnetFeature.ts");
    return new ResNetFeature(weights!);
  },
};

/** The eye+mouth features there are. */
export const FEATURES = { landmarks, resnet18 } as const satisfies Record<FeatureKind, Feature>;
