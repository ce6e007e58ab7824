/** Features of all images of an evaluation. */
import { keep, type Tensor, tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import { Random } from "../../lib/random.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import { FoldedBackbone } from "../../ssl/backbones/folded.ts";
import type { LoadedBackbone } from "../../ssl/run/loadBackbone.ts";
import type { Ranks } from "../../ssl/train/ranks.ts";
import type { Fingerprinter } from "../data/fingerprint.ts";
import { trainingView } from "../data/imageViews.ts";
import type { ProbeImage } from "../data/readImages.ts";
import { embedFrames, type PassView, type ViewFunction } from "./embed.ts";
import { cachedFeatures } from "./featureCache.ts";
import { embedTogether } from "./togetherEmbed.ts";

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
  /** Takes the fingerprints of frames as they are read; cached features need no frames. */
  readonly prints: Fingerprinter | undefined;
  /** The processes that share the work; undefined: this one does all. */
  readonly ranks: Ranks | undefined;
}

/** A part of the work: images from `start` on, of the plain view (0) or of a changed one (from 1, of training images). */
interface Job {
  readonly view: number;
  readonly start: number;
  readonly count: number;
}

/**
 * Computes the features of all images, and of changed views of the training images. Of several processes, rank 0 calls this, the
 * others `assistFeatures`.
 * @returns [(1 + augment) · images, d] on the device: a block for the plain views, then a block per changed view, in which only the
 * rows of training images are filled
 * @throws the signal's reason; ProcessGroupError if another process ends
 */
export async function computeFeatures(request: FeatureRequest): Promise<Tensor> {
  const backbone = new FoldedBackbone(request.loaded.backbone);
  try {
    return await featuresFrom(backbone, request);
  } finally {
    backbone.dispose();
  }
}

/** Does this process's part of what rank 0 computes. @throws as `computeFeatures` does */
export async function assistFeatures(request: FeatureRequest & { readonly ranks: Ranks }): Promise<void> {
  const backbone = new FoldedBackbone(request.loaded.backbone);
  try {
    for (;;) {
      const job = JSON.parse(request.ranks.textOfFirst("")) as Job | null;
      if (job === null) return;
      await embedTogether(request.ranks, { ...inputsOf(backbone, request, job), onPass: () => {} });
    }
  } finally {
    backbone.dispose();
  }
}

async function featuresFrom(backbone: FoldedBackbone, request: FeatureRequest): Promise<Tensor> {
  const { loaded, images, train, cache, digests, augment, device, ranks } = request;
  const { features } = backbone;
  const n = images.length;
  const values = new Float32Array((1 + augment) * n * features);
  const keys = images.map(({ key }) => key);
  const origin = { weights: digests.weights, store: digests.store, size: loaded.size, features };
  const plain = await cachedFeatures(cache, origin, keys, ({ length: count }, start) =>
    embedJob(backbone, request, { view: 0, start, count }),
  );
  values.set(plain);
  for (let view = 1; view <= augment; view++) {
    const rows = await embedJob(backbone, request, { view, start: 0, count: train.length });
    train.forEach((i, row) => {
      values.set(rows.subarray(row * features, (row + 1) * features), (view * n + i) * features);
    });
  }
  ranks?.textOfFirst("null");
  return keep(tensor(values, { shape: [(1 + augment) * n, features], device }));
}

/** @returns [count · d] */
async function embedJob(backbone: FoldedBackbone, request: FeatureRequest, job: Job): Promise<Float32Array> {
  const { images, train, prints, augment, onDone, ranks, yieldTurn } = request;
  const total = images.length + augment * train.length;
  const before = job.view === 0 ? job.start : images.length + (job.view - 1) * train.length;
  const inputs = inputsOf(backbone, request, job);
  const isPlain = job.view === 0;
  const indices = (start: number, end: number) =>
    Array.from({ length: end - start }, (_, k) => job.start + start + k);
  if (!ranks) {
    let done = 0;
    return embedFrames(backbone, inputs.store, inputs.keys, inputs.view, yieldTurn, (count, frames) => {
      if (isPlain) prints?.add(indices(done, count), frames);
      done = count;
      onDone(before + done, total);
    });
  }
  ranks.textOfFirst(JSON.stringify(job));
  const out = new Float32Array(job.count * backbone.features);
  let done = 0;
  await embedTogether(ranks, {
    ...inputs,
    onPass: ({ pass: { start, end }, features, notes }) => {
      out.set(features, start * backbone.features);
      if (isPlain) prints?.addRows(indices(start, end), notes);
      done += end - start;
      onDone(before + done, total);
    },
  });
  return out;
}

/** What a job embeds: the same on each process. */
function inputsOf(backbone: FoldedBackbone, request: FeatureRequest, { view, start, count }: Job) {
  const { store, images, train, yieldTurn, prints } = request;
  const used = view === 0 ? images : train.map((i) => images[i]!);
  const keys = used.slice(start, start + count).map(({ key }) => key);
  const passView: PassView = view === 0 ? request.view : changedView(request, view);
  return { backbone, store, keys, view: passView, notes: view === 0 ? prints : undefined, yieldTurn };
}

function changedView({ loaded, store, device, seed }: FeatureRequest, view: number): PassView {
  const rng = Random.fromSeed(seed).fork(`changed views/${view}`);
  const options = { stored: store.manifest.options.size, size: loaded.size, device };
  return (frames, pass) => trainingView(frames, options, rng.fork(`batch/${pass}`));
}
