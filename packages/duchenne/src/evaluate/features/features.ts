/** Features of all images of an evaluation. */
import { keep, type Tensor, tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import { Random } from "../../lib/random.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import { FoldedBackbone } from "../../ssl/backbones/folded.ts";
import type { LoadedBackbone } from "../../ssl/run/loadBackbone.ts";
import { trainingView } from "../data/imageViews.ts";
import type { ProbeImage } from "../data/readImages.ts";
import { embedFrames, type ViewFunction } from "./embed.ts";
import { cachedFeatures } from "./featureCache.ts";

/** Inputs of `computeFeatures`. */
export interface FeatureRequest {
  readonly loaded: Pick<LoadedBackbone, "backbone" | "size">;
  readonly store: FrameStore;
  readonly images: readonly ProbeImage[];
  /** Indices of the training images. */
  readonly train: readonly number[];
  readonly device: string;
  /** The plain view of an image. */
  readonly view: ViewFunction;
  /** Changed views per training image, in addition to the plain one. */
  readonly augment: number;
  /** Of the changed views. */
  readonly seed: number;
  /** Folder for plain features; undefined: none is kept. */
  readonly cache: string | undefined;
  /** SHA-256 of the weights, and of the store. */
  readonly digests: { readonly weights: string; readonly store: string };
  readonly yieldTurn: YieldTurn;
  /** Called with the number of images done, and their total. */
  readonly onDone: (done: number, total: number) => void;
  /** Called with the indices of k images and their frames [k, stored, stored, 3], as they are read; cached features need no frames. */
  readonly onFrames: (images: readonly number[], frames: Uint8Array) => void;
}

/**
 * Computes the features of all images, and of changed views of the training images.
 * @returns [(1 + augment) · images, d] on the device: a block for the plain views, then a block per changed view, in which only the
 * rows of training images are filled
 */
export async function computeFeatures(request: FeatureRequest): Promise<Tensor> {
  const backbone = new FoldedBackbone(request.loaded.backbone);
  try {
    return await featuresFrom(backbone, request);
  } finally {
    backbone.dispose();
  }
}

async function featuresFrom(backbone: FoldedBackbone, request: FeatureRequest): Promise<Tensor> {
  const { loaded, store, images, train, view, cache, digests, yieldTurn, augment, device } = request;
  const { features } = backbone;
  const n = images.length;
  const total = n + augment * train.length;
  const values = new Float32Array((1 + augment) * n * features);
  const keys = images.map(({ key }) => key);
  const frameBytes = store.manifest.options.size ** 2 * 3;
  const origin = { weights: digests.weights, store: digests.store, size: loaded.size, features };
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
  { loaded, store, images, train, device, seed, yieldTurn }: FeatureRequest,
  block: number,
  onDone: (count: number) => void,
): Promise<Float32Array> {
  const rng = Random.fromSeed(seed).fork(`changed views/${block}`);
  const options = { stored: store.manifest.options.size, size: loaded.size, device };
  let batch = 0;
  const changed: ViewFunction = (frames) => trainingView(frames, options, rng.fork(`batch/${batch++}`));
  const keys = train.map((i) => images[i]!.key);
  return embedFrames(backbone, store, keys, changed, yieldTurn, onDone);
}
