import { noGrad, scope, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";

/** What embeds: a backbone, or anything that turns images into rows of numbers. */
export interface Embedder {
  /** Numbers per image. */
  readonly features: number;
  embed(images: Tensor): Tensor;
}

/** Turns decoded frames [n, stored, stored, 3] into network input [n, 3, size, size]. */
export type ViewFunction = (frames: Uint8Array) => Tensor;

/**
 * Images per forward pass, the more the smaller they are: enough for the weights to be worth reading, few enough for the tensors
 * between layers to stay in the caches. ResNet-18 at 48 px, 64, 128 and 256 a pass: 42, 38 and 37 ms for 64 images; at 64 px 60, 58
 * and 59; ResNet-50 at 112 px, 32, 64 and 128 a pass: 499, 481 and 498.
 */
const imagesPerPass = (size: number): number => Math.max(64, Math.min(256, Math.floor(2 ** 19 / size ** 2)));

/**
 * Pooled features of stored frames, from a backbone in evaluation mode.
 * @param backbone in evaluation mode   @param keys frame keys, n of them
 * @param onDone called with the number done and the frames [k, stored, stored, 3] of the last ones, which are valid during the call
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
