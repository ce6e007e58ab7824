import { keep, type Tensor, tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import { Random } from "../../lib/random.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import { FoldedBackbone } from "../../ssl/backbones/folded.ts";
import type { LoadedBackbone } from "../../ssl/run/loadBackbone.ts";
import { trainingView } from "../data/imageViews.ts";
import type { EvaluationPlan } from "../data/plan.ts";
import { embedFrames, type ViewFunction } from "./embed.ts";
import { cachedFeatures } from "./featureCache.ts";

export interface FeatureRequest {
  readonly loaded: Pick<LoadedBackbone, "backbone" | "size">;
  readonly store: FrameStore;
  readonly plan: EvaluationPlan;
  readonly device: string;
  readonly view: ViewFunction;
  /** Changed views of each training image beside the plain one. */
  readonly augment: number;
  readonly seed: number;
  /** Folder to keep plain features in, and what they come from. */
  readonly cache: string | undefined;
  readonly digests: { readonly weights: string; readonly store: string };
  readonly yieldTurn: YieldTurn;
  /** Told how many images are done, of how many. */
  readonly onDone: (done: number, total: number) => void;
  /** Shown the frames [k, stored, stored, 3] of k images as they are read; where features are cached nothing is read. */
  readonly onFrames: (images: readonly number[], frames: Uint8Array) => void;
}

/**
 * Features of all images, and of changed views of the training images, each in the place of its image in a block of its own.
 * @returns [(1 + augment) · images, d] on the device
 */
export async function computeFeatures(request: FeatureRequest): Promise<Tensor> {
  const backbone = new FoldedBackbone(request.loaded.backbone);
  try {
    return await featuresBy(backbone, request);
  } finally {
    backbone.dispose();
  }
}

async function featuresBy(backbone: FoldedBackbone, request: FeatureRequest): Promise<Tensor> {
  const { loaded, store, plan, view, cache, digests, yieldTurn, augment, device } = request;
  const { features } = backbone;
  const [n, { train }] = [plan.images.length, plan.splits];
  const total = n + augment * train.length;
  const values = new Float32Array((1 + augment) * n * features);
  const keys = plan.images.map(({ key }) => key);
  const frameBytes = store.manifest.options.size ** 2 * 3;
  const origin = { ...digests, size: loaded.size, features };
  const plain = await cachedFeatures(cache, origin, keys, (part, done) =>
    embedFrames(backbone, store, part, view, yieldTurn, (count, frames) => {
      const read = frames.length / frameBytes;
      request.onFrames(
        Array.from({ length: read }, (_, k) => done + count - read + k),
        frames,
      );
      request.onDone(done + count, total);
    }),
  );
  values.set(plain);
  for (let block = 1; block <= augment; block++) {
    const rows = await embedChanged(backbone, request, block, (count) =>
      request.onDone(n + (block - 1) * train.length + count, total),
    );
    train.forEach((i, row) => {
      values.set(rows.subarray(row * features, (row + 1) * features), (block * n + i) * features);
    });
  }
  return keep(tensor(values, { shape: [(1 + augment) * n, features], device }));
}

function embedChanged(
  backbone: FoldedBackbone,
  { loaded, store, plan, device, seed, yieldTurn }: FeatureRequest,
  block: number,
  onDone: (count: number) => void,
): Promise<Float32Array> {
  const rng = Random.fromSeed(seed).fork(`changed views/${block}`);
  const options = { stored: store.manifest.options.size, size: loaded.size, device };
  let batch = 0;
  const changed: ViewFunction = (frames) => trainingView(frames, options, rng.fork(`batch/${batch++}`));
  const keys = plan.splits.train.map((i) => plan.images[i]!.key);
  return embedFrames(backbone, store, keys, changed, yieldTurn, onDone);
}
