import type { FeatureKind } from "../store/manifest.ts";
import { LANDMARK_FEATURE_LENGTH, landmarkFeature } from "./landmarkFeature.ts";
import { aboutRestingShape } from "./restingShape.ts";

/** Computes the eye+mouth features of faces. */
export interface FeatureExtractor {
  /**
   * @param images [n] of [size, size, 3] RGB crops   @param landmarks [n] of [68 · 2] in crop pixels
   * @returns [n] arrays of the feature's length
   */
  compute(images: readonly Uint8Array[], landmarks: readonly Float32Array[], size: number): Float32Array[];
  /**
   * Corrects the features of a track once all its frames are known.
   * @param features of the track's frames in order of time   @returns as many features
   */
  adjustTrack(features: readonly Float32Array[], timesSeconds: readonly number[]): readonly Float32Array[];
}

/** An eye+mouth feature that `prepare` stores with each face. Plain data: a feature travels to worker threads. */
export interface Feature {
  readonly kind: FeatureKind;
  /** Numbers per face. */
  readonly length: number;
  /** Changes whenever the numbers do. */
  readonly version: string;
  /**
   * URL of the module that computes the feature: it exports `loadFeature(weights?: string): FeatureExtractor`. Absent for
   * the landmark feature, which `prepare` computes itself.
   */
  readonly module?: string;
  /** Path of the weights file that `loadFeature` takes, if the feature needs one. */
  readonly weights?: string;
}

/** The positions of eye and mouth landmarks, relative to the person's resting shape. */
export const LANDMARK_FEATURE: Feature = {
  kind: "landmarks",
  length: LANDMARK_FEATURE_LENGTH,
  version: "landmarks-2",
};

/** Loads what computes a feature, on the calling thread. */
export async function loadExtractor({ module, weights }: Feature): Promise<FeatureExtractor> {
  if (module === undefined)
    return { compute: (_images, points) => points.map(landmarkFeature), adjustTrack: aboutRestingShape };
  const { loadFeature } = (await import(module)) as { loadFeature: (weights?: string) => FeatureExtractor };
  return loadFeature(weights);
}
