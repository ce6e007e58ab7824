/** What tells twins among images: pixel for pixel, or all but. */
import { createHash } from "node:crypto";
import { noGrad, ops, scope, sharedTensor, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../store/frameStore.ts";
import type { Pace } from "./pace.ts";

export const THUMBNAIL_SIDE = 16;
const HASH_ROWS = 8;
const HASH_COLUMNS = 9;
const BATCH = 64;
/** ITU-R BT.601. */
const GREY = [0.299, 0.587, 0.114];

/** One entry per image. */
export interface Fingerprints {
  /** Hash of all pixels. */
  readonly exact: readonly string[];
  /** [n · 2] dHash, 64 bits: whether each of 8 x 8 areas is darker than its right neighbour. */
  readonly gradient: Uint32Array;
  /** [n · 256] grey thumbnail with mean 0 and length 1; zeros where the image is flat. */
  readonly thumbnails: Float32Array;
}

/**
 * @param keys frame keys, n of them
 * @see Krawetz 2013, "Kind of like that" (dHash)
 */
export async function fingerprint(
  store: FrameStore,
  keys: readonly number[],
  pace: Pace,
  onDone: (count: number) => void,
): Promise<Fingerprints> {
  const { size } = store.manifest.options;
  const bytes = size * size * 3;
  const shrink = new GreyShrink(size);
  const exact: string[] = [];
  const gradient = new Uint32Array(2 * keys.length);
  const thumbnails = new Float32Array(THUMBNAIL_SIDE ** 2 * keys.length);
  for (let start = 0; start < keys.length; start += BATCH) {
    const pixels = store.readFrames(keys.slice(start, start + BATCH));
    for (let at = 0; at < pixels.length; at += bytes)
      exact.push(
        createHash("sha256")
          .update(pixels.subarray(at, at + bytes))
          .digest("base64"),
      );
    const [hashes, thumbs] = [shrink.hashes(pixels), shrink.thumbnails(pixels)];
    gradient.set(hashes, 2 * start);
    thumbnails.set(thumbs, THUMBNAIL_SIDE ** 2 * start);
    onDone(exact.length);
    await pace();
  }
  return { exact, gradient, thumbnails };
}

/** Grey miniatures of frames of one size: a resize is a matrix product along each axis. */
class GreyShrink {
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  hashes(pixels: Uint8Array): Uint32Array {
    const small = this.#shrink(pixels, HASH_ROWS, HASH_COLUMNS);
    const hashes = new Uint32Array((2 * small.length) / (HASH_ROWS * HASH_COLUMNS));
    for (let word = 0, at = 0; word < hashes.length; word++) {
      let bits = 0;
      for (let row = 0; row < HASH_ROWS / 2; row++, at += HASH_COLUMNS)
        for (let column = 0; column < HASH_COLUMNS - 1; column++)
          bits = (bits << 1) | (small[at + column]! < small[at + column + 1]! ? 1 : 0);
      hashes[word] = bits;
    }
    return hashes;
  }

  thumbnails(pixels: Uint8Array): Float32Array {
    const small = this.#shrink(pixels, THUMBNAIL_SIDE, THUMBNAIL_SIDE);
    const count = THUMBNAIL_SIDE ** 2;
    for (let at = 0; at < small.length; at += count) standardise(small.subarray(at, at + count));
    return small;
  }

  /** @returns [n · rows · columns] grey in 0..255 */
  #shrink(pixels: Uint8Array, rows: number, columns: number): Float32Array {
    const n = pixels.length / (this.#size ** 2 * 3);
    return scope(() =>
      noGrad(() => {
        const frames = sharedTensor(pixels, [n, this.#size, this.#size * 3]).to({ dtype: "float32" });
        const across = ops
          .einsum("ij,c->jci", [resizeMatrix(this.#size, columns), greyWeights()])
          .reshape(this.#size * 3, columns);
        return resizeMatrix(this.#size, rows).matmul(frames).matmul(across).toTypedArray() as Float32Array;
      }),
    );
  }
}

const greyWeights = (): Tensor => sharedTensor(Float32Array.from(GREY));

/** [to, from]: an antialiased resize of one axis, as resizing the unit vectors shows it. */
function resizeMatrix(from: number, to: number): Tensor {
  const unit = ops.eye(from).view(1, 1, from, from);
  return ops.interpolateBilinearAntialias(unit, [to, from], false).view(to, from);
}

/** Below this, shades of grey are noise, and their pattern says nothing. */
const LEAST_DEVIATION = 1;

function standardise(values: Float32Array): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.hypot(...values.map((value) => value - mean));
  const flat = length < LEAST_DEVIATION * Math.sqrt(values.length);
  values.forEach((value, i) => {
    values[i] = flat ? 0 : (value - mean) / length;
  });
}
