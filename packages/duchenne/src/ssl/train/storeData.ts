import { resolve } from "node:path";
import { FrameStore, type StoredClip } from "../../data/store/index.ts";
import { ConfigError } from "../../lib/errors.ts";
import { Random } from "../../lib/random.ts";
import type { PretrainConfig } from "../config/config.ts";
import type { StoreIdentity } from "../run/checkpointState.ts";
import { ClipSampler, planSampling } from "../sampling/index.ts";

/** What a run reads from. */
export interface StoreData {
  readonly identity: StoreIdentity;
  readonly sampler: ClipSampler;
  /** Numbers per eye+mouth feature. */
  readonly featureLength: number;
  /** The settings as far as the store allows them. */
  readonly config: PretrainConfig;
  /** Lines that tell the difference. */
  readonly notices: readonly string[];
}

/** Faces looked at to tell whether a store has landmarks at all. */
const PROBED_FRAMES = 64;

/**
 * Looks through a store and plans a run on it.
 * @throws StoreError if there is none; SamplingError if it cannot fill a batch; ConfigError if no face of it has the
 * landmarks that a chosen piece needs
 */
export async function openStoreData(path: string, config: PretrainConfig): Promise<StoreData> {
  const store = FrameStore.open(path);
  try {
    const clips = store.clips();
    const plan = planSampling(clips, config);
    return {
      identity: {
        path: resolve(path),
        digest: store.digest(clips),
        dataset: store.manifest.options.dataset,
      },
      sampler: new ClipSampler(plan, samplingStream(config)),
      featureLength: store.manifest.options.featureLength,
      config: { ...config, ...plan.settings },
      notices: [...plan.notices, ...landmarkNotices(store, plan.clips, config)],
    };
  } finally {
    await store.close();
  }
}

const samplingStream = ({ seed }: PretrainConfig): Random => Random.fromSeed(seed).fork("sampling");

function landmarkNotices(store: FrameStore, clips: readonly StoredClip[], config: PretrainConfig): string[] {
  const every = Math.max(1, Math.floor(clips.length / PROBED_FRAMES));
  const keys = clips.filter((_, i) => i % every === 0).map(({ firstFrame }) => firstFrame);
  if (store.readLandmarks(keys).some((value) => !Number.isNaN(value))) return [];
  const without = `landmarks, and none of the ${keys.length} faces looked at has any: prepare with face detection`;
  if (config.faceSwap)
    throw new ConfigError("--face-swap", "--no-face-swap", `faceSwap on: it needs ${without}`);
  if (config.maskFn) throw new ConfigError("--mask-fn", "--no-mask-fn", `maskFn on: it needs ${without}`);
  return config.landmarkMaskProbability > 0 ? [`the landmark mask is off: it needs ${without}`] : [];
}
