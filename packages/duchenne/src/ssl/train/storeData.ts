import { resolve } from "node:path";
import { FrameStore, type StoredClip } from "../../data/store/index.ts";
import { originOf } from "../../data/store/origin.ts";
import { ConfigError, setting, settingText } from "../../lib/errors.ts";
import { Random } from "../../lib/random.ts";
import type { PretrainConfig } from "../config/config.ts";
import { ExpressionGeometry } from "../features/expressionGeometry.ts";
import type { StoreIdentity } from "../run/checkpointState.ts";
import { ClipSampler, planSampling, type SamplingPlan, type SamplingSettings } from "../sampling/index.ts";

/** What is wanted of a store. */
export type StoreRequest = SamplingSettings &
  Pick<PretrainConfig, "seed" | "maskFn" | "landmarkMaskProbability"> & {
    /** Whether expressions are wanted by their landmarks. Default no. */
    readonly geometry?: boolean;
  };

/** What a run reads from. */
export interface StoreData {
  readonly identity: StoreIdentity;
  readonly sampler: ClipSampler;
  /** Numbers per eye+mouth feature. */
  readonly featureLength: number;
  /** People that the store tells apart; 0 if it names nobody. */
  readonly people: number;
  readonly geometry?: ExpressionGeometry;
  /** What was wanted, as far as the store allows it. */
  readonly settings: StoreRequest;
  /** One line for each difference. */
  readonly notices: readonly string[];
}

/** Faces looked at to tell whether a store has landmarks at all. */
const PROBED_FRAMES = 64;

/**
 * Looks through a store and plans a run on it.
 * @throws StoreError if there is none; SamplingError if it cannot fill a batch; ConfigError if no face of the store has the
 * landmarks that a chosen component needs
 */
export async function openStoreData(path: string, wanted: StoreRequest): Promise<StoreData> {
  const store = FrameStore.open(path);
  try {
    const clips = store.clips();
    const plan = planSampling(clips, wanted);
    const landmarks = landmarksFor(store, plan.clips, wanted);
    const { seed, maskFn } = wanted;
    const geometry = wanted.geometry ? geometryOf(store, plan) : undefined;
    const origin = originOf(store.manifest);
    return {
      identity: {
        path: resolve(path),
        digest: store.digest(clips),
        dataset: store.manifest.options.dataset,
        ...(origin && { origin }),
      },
      sampler: new ClipSampler(plan, Random.fromSeed(seed).fork("sampling")),
      featureLength: store.manifest.options.featureLength,
      people: plan.clips.some(({ person }) => person !== null) ? new Set(plan.persons).size : 0,
      ...(geometry && { geometry }),
      settings: {
        ...plan.settings,
        seed,
        maskFn,
        geometry: geometry !== undefined,
        landmarkMaskProbability: landmarks.maskProbability,
      },
      notices: [...plan.notices, ...landmarks.notices],
    };
  } finally {
    await store.close();
  }
}

/** @throws ConfigError if no face has landmarks */
function geometryOf(store: FrameStore, { clips, persons }: SamplingPlan): ExpressionGeometry {
  const geometry = ExpressionGeometry.of(store, clips, persons);
  if (geometry) return geometry;
  throw new ConfigError(
    setting("geometryWeight"),
    settingText("geometryWeight", 0),
    "geometry of expressions on: it needs landmarks, and no face of the store has any",
    `Use ${settingText("geometryWeight", 0)} and ${settingText("maskFnFeature", "eyes-mouth")}, or prepare with face detection.`,
  );
}

/** Turns off landmark masks on a store without landmarks. @throws ConfigError if a component needs them */
function landmarksFor(
  store: FrameStore,
  clips: readonly StoredClip[],
  { faceSwap, maskFn, landmarkMaskProbability }: StoreRequest,
): { maskProbability: number; notices: string[] } {
  const every = Math.max(1, Math.floor(clips.length / PROBED_FRAMES));
  const keys = clips.filter((_, i) => i % every === 0).map(({ firstFrame }) => firstFrame);
  if (store.readLandmarks(keys).some((value) => !Number.isNaN(value)))
    return { maskProbability: landmarkMaskProbability, notices: [] };
  const without = `it needs landmarks, and none of the ${keys.length} faces looked at has any`;
  const on = Object.entries({ faceSwap, maskFn }).find(([, isOn]) => isOn);
  if (on)
    throw new ConfigError(
      setting(on[0]),
      settingText(on[0], false),
      `${on[0]} on: ${without}`,
      "Switch it off, or prepare with face detection.",
    );
  const notices =
    landmarkMaskProbability > 0
      ? [`the landmark mask is off: ${without}. To use it, prepare with face detection.`]
      : [];
  return { maskProbability: 0, notices };
}
