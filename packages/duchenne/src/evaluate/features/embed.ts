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

/** A view that may differ from pass to pass. @param pass its number, from 0 */
export type PassView = (frames: Uint8Array, pass: number) => Tensor;

/** Images of one forward pass: the places `start` to `end` - 1 in a list. */
export interface Pass {
  /** From 0, in the order of the list. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Images per forward pass: enough to make reading the weights worth it, few enough that the tensors between layers stay in the
 * caches. Measured for 64 images: ResNet-18 at 48 px with 64, 128 and 256 images a pass takes 42, 38 and 37 ms, at 64 px 60, 58 and
 * 59 ms; ResNet-50 at 112 px with 32, 64 and 128 images a pass takes 499, 481 and 498 ms.
 */
const imagesPerPass = (size: number): number => Math.max(64, Math.min(256, Math.floor(2 ** 19 / size ** 2)));

/** The passes of n frames of a store. */
export function passesOf(store: FrameStore, n: number): Pass[] {
  const count = imagesPerPass(store.manifest.options.size);
  return Array.from({ length: Math.ceil(n / count) }, (_, number) => ({
    number,
    start: number * count,
    end: Math.min(n, (number + 1) * count),
  }));
}

/** Embeds the frames of a pass. @returns the pass's features [k · d] and frames [k, stored, stored, 3]; `frames` is reused by the next call */
export type EmbedPass = (pass: Pass) => { rows: Float32Array; frames: Uint8Array };

/** @param backbone in evaluation mode   @param keys [n] frame keys */
export function passEmbedder(
  backbone: Embedder,
  store: FrameStore,
  keys: readonly number[],
  view: PassView,
): EmbedPass {
  const { size } = store.manifest.options;
  const buffer = new Uint8Array(Math.min(keys.length, imagesPerPass(size)) * size * size * 3);
  return ({ number, start, end }) => {
    const frames = store.readFrames(
      keys.slice(start, end),
      buffer.subarray(0, (end - start) * size * size * 3),
    );
    const rows = scope(() =>
      noGrad(() => backbone.embed(view(frames, number)).toTypedArray() as Float32Array),
    );
    return { rows, frames };
  };
}

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
  view: PassView,
  yieldTurn: YieldTurn,
  onDone: (count: number, frames: Uint8Array) => void,
): Promise<Float32Array> {
  const out = new Float32Array(keys.length * backbone.features);
  const embed = passEmbedder(backbone, store, keys, view);
  for (const pass of passesOf(store, keys.length)) {
    const { rows, frames } = embed(pass);
    out.set(rows, pass.start * backbone.features);
    onDone(pass.end, frames);
    await yieldTurn();
  }
  return out;
}
