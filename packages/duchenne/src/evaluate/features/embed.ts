/** Features of stored frames, batch by batch. */
import { noGrad, scope, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";

/** A network that turns images into rows of numbers, such as a backbone. */
export interface Embedder {
  /** Numbers per image. */
  readonly features: number;
  /** @param images [n, 3, size, size]   @returns [n, features] */
  embed(images: Tensor): Tensor;
}

/** Turns RGB frames [n, stored, stored, 3] into network input [n, 3, size, size]. */
export type ViewFunction = (frames: Uint8Array) => Tensor;

/**
 * Images per forward pass: enough to make reading the weights worth it, few enough that the tensors between layers stay in the
 * caches. Measured for 64 images: ResNet-18 at 48 px with 64, 128 and 256 images a pass takes 42, 38 and 37 ms, at 64 px 60, 58 and
 * 59 ms; ResNet-50 at 112 px with 32, 64 and 128 images a pass takes 499, 481 and 498 ms.
 */
const imagesPerPass = (size: number): number => Math.max(64, Math.min(256, Math.floor(2 ** 19 / size ** 2)));

/**
 * Computes pooled features of stored frames.
 * @param backbone in evaluation mode   @param keys [n] frame keys
 * @param onDone called after each pass with the number of frames done and the pass's frames [k, stored, stored, 3]; the buffer is
 * reused after the call
 * @returns [n · features]
 */
export async function embedFrames(
  backbone: Embedder,
  store: FrameStore,
  keys: readonly number[],
  view: ViewFunction,
  yieldTurn: YieldTurn,
  onDone: (count: number, frames: Uint8Array) => void,
): Promise<Float32Array> {
  const out = new Float32Array(keys.length * backbone.features);
  const { size } = store.manifest.options;
  const count = imagesPerPass(size);
  const frames = new Uint8Array(count * size * size * 3);
  for (let start = 0; start < keys.length; start += count) {
    const part = keys.slice(start, start + count);
    const pixels = store.readFrames(part, frames.subarray(0, part.length * size * size * 3));
    const rows = scope(() => noGrad(() => backbone.embed(view(pixels)).toTypedArray() as Float32Array));
    out.set(rows, start * backbone.features);
    onDone(start + part.length, pixels);
    await yieldTurn();
  }
  return out;
}
