import { ops, scope, sharedTensor } from "@duchenne/torch";
import { type BatchShape, type BatchShare, rowsOfShare } from "../sampling/batch.ts";
import type { ViewBatch } from "./viewBatch.ts";

/**
 * Room for one batch's views in shared memory: one thread makes them, another trains on them. Nothing is copied on the way
 * back, so they are valid until the memory is written again.
 */
export interface SharedViews {
  /** [rows of the share, size, size, 3], the order in memory of `ViewBatch.images`. */
  readonly images: Float32Array;
  /** [rows, featureLength] */
  readonly features: Float32Array;
  /** [rows] 0 or 1 */
  readonly hasFeature: Uint8Array;
  /** [rows/2], used where CutMix is on. */
  readonly partner: BigInt64Array;
  readonly kept: Float32Array;
  /** Of `COUNTS`. */
  readonly counts: Int32Array;
}

const COUNTS = ["swapped", "swapSkipped", "maskSkipped"] as const;

/** @param size side of the network's input, pixels   @param images how many rows' images it has room for; default: all */
export function allocateViews(rows: number, size: number, featureLength: number, images = rows): SharedViews {
  const float32 = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length));
  return {
    images: float32(images * size * size * 3),
    features: float32(rows * featureLength),
    hasFeature: new Uint8Array(new SharedArrayBuffer(rows)),
    partner: new BigInt64Array(new SharedArrayBuffer(4 * rows)),
    kept: float32(rows / 2),
    counts: new Int32Array(new SharedArrayBuffer(4 * COUNTS.length)),
  };
}

/** Writes views down. @param views on the CPU */
export function writeViews(
  shared: SharedViews,
  { images, features, hasFeature, mix, counts }: ViewBatch,
): void {
  scope(() => {
    const [own, , size] = images.shape as [number, number, number, number];
    const rows = hasFeature.shape[0]!;
    sharedTensor(shared.images, [own, size, size, 3]).copy_(images.permute(0, 2, 3, 1));
    sharedTensor(shared.features, features.shape).copy_(features);
    sharedTensor(shared.hasFeature, [rows], "bool").copy_(hasFeature);
    if (mix) {
      sharedTensor(shared.partner).copy_(mix.partner);
      sharedTensor(shared.kept).copy_(mix.kept);
    }
  });
  for (const [i, name] of COUNTS.entries()) shared.counts[i] = counts[name];
}

/** @param isMixed whether CutMix was on   @returns tensors on this memory */
export function readViews(
  { images, features, hasFeature, partner, kept, counts }: SharedViews,
  { clips, layout }: BatchShape,
  isMixed: boolean,
  share?: BatchShare,
): ViewBatch {
  const rows = hasFeature.length;
  const own = rowsOfShare({ clips, layout }, share).length;
  const size = Math.sqrt(images.length / own / 3);
  const [swapped, swapSkipped, maskSkipped] = counts as unknown as [number, number, number];
  return {
    images: ops.permute(sharedTensor(images, [own, size, size, 3]), [0, 3, 1, 2]),
    ...(share && { share }),
    features: sharedTensor(features, [rows, features.length / rows]),
    hasFeature: sharedTensor(hasFeature, [rows], "bool"),
    ...(isMixed && { mix: { partner: sharedTensor(partner), kept: sharedTensor(kept) } }),
    ...{ clips, layout, counts: { swapped, swapSkipped, maskSkipped } },
  };
}
