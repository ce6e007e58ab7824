import { noGrad, scope, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../store/frameStore.ts";
import type { Pace } from "./pace.ts";

/** What embeds: a backbone, or anything that turns images into rows of numbers. */
export interface Embedder {
  /** Numbers per image. */
  readonly features: number;
  embed(images: Tensor): Tensor;
}

/** Turns decoded frames [n, stored, stored, 3] into network input [n, 3, size, size]. */
export type View = (frames: Uint8Array) => Tensor;

/** Images per forward pass: enough to keep every processor busy, small enough to stay in its caches. */
const BATCH = 64;

/**
 * Pooled features of stored frames, as a backbone in evaluation mode has them of a view.
 * @param backbone in evaluation mode   @param keys frame keys, n of them   @param onDone told how many are done
 * @returns [n · features]
 */
export async function embedFrames(
  backbone: Embedder,
  store: FrameStore,
  keys: readonly number[],
  view: View,
  pace: Pace,
  onDone: (count: number) => void,
): Promise<Float32Array> {
  const out = new Float32Array(keys.length * backbone.features);
  const { size } = store.manifest.options;
  const frames = new Uint8Array(BATCH * size * size * 3);
  for (let start = 0; start < keys.length; start += BATCH) {
    const part = keys.slice(start, start + BATCH);
    const pixels = store.readFrames(part, frames.subarray(0, part.length * size * size * 3));
    const rows = scope(() => noGrad(() => backbone.embed(view(pixels)).toTypedArray() as Float32Array));
    out.set(rows, start * backbone.features);
    onDone(start + part.length);
    await pace();
  }
  return out;
}
