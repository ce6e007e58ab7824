import type { FrameStore } from "../../data/store/frameStore.ts";
import { LANDMARK_COUNT } from "../../data/store/record.ts";
import { BLOCKS, type FrameBatch } from "../sampling/batch.ts";
import type { ClipSampler, SampledBatch } from "../sampling/clipSampler.ts";
import type { SharedViews } from "../views/sharedViews.ts";

/** Room for one batch, in shared memory: what a FrameBatch holds besides plain numbers, and its views where threads make them. */
export type Slot = Pick<
  FrameBatch,
  "keys" | "images" | "landmarks" | "features" | "persons" | "warped" | "identity"
> & {
  readonly views?: SharedViews;
};

/** The plain numbers of a batch. */
export type BatchPlace = Pick<SampledBatch, "epoch" | "step" | "clips" | "layout" | "crowdedClips"> & {
  /** Rows whose images are read, rising, and whose clips' identities are; absent: all. */
  readonly rows?: readonly number[];
  /** As `FrameBatch` has it. */
  readonly strength?: number;
};

const uint8 = (length: number) => new Uint8Array(new SharedArrayBuffer(length));
const uint32 = (length: number) => new Uint32Array(new SharedArrayBuffer(4 * length));
const int32 = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));
const float32 = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length));

/** Room for a sampler's batches from a store. */
export function allocateSlot(store: FrameStore, { clipsPerBatch, layout, plan }: ClipSampler): Slot {
  const { size, featureLength } = store.manifest.options;
  const rows = clipsPerBatch * BLOCKS[layout].length;
  const frames = (count: number) => ({
    keys: uint32(count),
    images: uint8(count * size * size * 3),
    landmarks: float32(count * LANDMARK_COUNT * 2),
  });
  const about = { persons: int32(clipsPerBatch), warped: uint8(clipsPerBatch) };
  const slot = { ...frames(rows), features: float32(rows * featureLength), ...about };
  return plan.settings.faceSwap ? { ...slot, identity: frames(clipsPerBatch) } : slot;
}

/** Writes down what is to be read. */
export function address(slot: Slot, { keys, persons, warped, identityKeys }: SampledBatch): void {
  slot.keys.set(keys);
  slot.persons.set(persons);
  slot.warped!.set(warped);
  if (identityKeys) slot.identity!.keys.set(identityKeys);
}

/** A slot and the plain numbers of the batch in it. */
export function batchIn({ views: _, ...slot }: Slot, store: FrameStore, place: BatchPlace): FrameBatch {
  const { epoch, step, clips, layout, crowdedClips, strength } = place;
  const { size: frameSize, featureLength } = store.manifest.options;
  const about = { epoch, step, clips, layout, crowdedClips, ...(strength !== undefined && { strength }) };
  return { ...about, frameSize, featureLength, ...slot };
}

/**
 * Reads and decodes the frames that a slot is addressed to.
 * @param rows whose images are wanted; landmarks and features are read of all
 * @throws StoreError if there is no such frame
 */
export function fill(slot: Slot, store: FrameStore, rows?: readonly number[]): void {
  const { keys, landmarks, features, identity, persons } = slot;
  readImages(slot, store, rows);
  store.readLandmarks(keys, landmarks);
  store.readFeatures(keys, features);
  if (identity === undefined) return;
  const clips = persons.length;
  readImages(identity, store, rows && [...new Set(rows.map((row) => row % clips))].sort((a, b) => a - b));
  store.readLandmarks(identity.keys, identity.landmarks);
}

/** @param chosen rising; absent: all */
function readImages(
  { keys, images }: Pick<Slot, "keys" | "images">,
  store: FrameStore,
  chosen?: readonly number[],
): void {
  if (chosen === undefined) {
    store.readFrames(keys, images);
    return;
  }
  const length = images.length / keys.length;
  for (let i = 0; i < chosen.length; ) {
    const first = chosen[i]!;
    let count = 1;
    while (chosen[i + count] === first + count) count += 1;
    store.readFrames(
      keys.subarray(first, first + count),
      images.subarray(first * length, (first + count) * length),
    );
    i += count;
  }
}
