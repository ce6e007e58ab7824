/** What tells twins among images: pixel for pixel, or all but. */
import { createHash } from "node:crypto";
import { keep, ops, scope, sharedTensor, type Tensor, tensor } from "@duchenne/torch";
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
  const miniatures = new Miniatures(size);
  const exact: string[] = [];
  const gradient = new Uint32Array(2 * keys.length);
  const thumbnails = new Float32Array(THUMBNAIL_SIDE ** 2 * keys.length);
  for (let start = 0; start < keys.length; start += BATCH) {
    const pixels = store.readFrames(keys.slice(start, start + BATCH));
    for (let at = 0; at < pixels.length; at += bytes)
      exact.push(
        createHash("sha1")
          .update(pixels.subarray(at, at + bytes))
          .digest("base64"),
      );
    const small = miniatures.of(pixels);
    gradient.set(small.gradient, 2 * start);
    thumbnails.set(small.thumbnails, THUMBNAIL_SIDE ** 2 * start);
    onDone(exact.length);
    await pace();
  }
  miniatures.dispose();
  return { exact, gradient, thumbnails };
}

/** Both miniatures of frames of one size at once: a resize is a matrix product along each axis. */
class Miniatures {
  readonly #size: number;
  /** [24, size]: the rows of the thumbnail, then those of the hash. */
  readonly #rows: Tensor;
  /** [size · 3, 25]: the columns, in grey. */
  readonly #columns: Tensor;

  constructor(size: number) {
    this.#size = size;
    [this.#rows, this.#columns] = scope(() => {
      const rows = ops.cat([resizeMatrix(size, THUMBNAIL_SIDE), resizeMatrix(size, HASH_ROWS)]);
      const columns = ops.cat([resizeMatrix(size, THUMBNAIL_SIDE), resizeMatrix(size, HASH_COLUMNS)]);
      const grey = ops.einsum("ij,c->jci", [columns, tensor(GREY)]).reshape(size * 3, -1);
      return [keep(rows), keep(grey)];
    });
  }

  /** @param frames [n, size, size, 3] */
  of(frames: Uint8Array): { gradient: Uint32Array; thumbnails: Float32Array } {
    const n = frames.length / (this.#size ** 2 * 3);
    const { thumbnails, areas } = scope(() => {
      const pixels = sharedTensor(frames, [n * this.#size, this.#size * 3]).to({ dtype: "float32" });
      const narrow = pixels.matmul(this.#columns).view(n, this.#size, -1);
      const small = this.#rows.matmul(narrow);
      const part = (start: number, rows: number, columns: number) =>
        ops
          .narrow(ops.narrow(small, 1, start, rows), 2, start, columns)
          .contiguous()
          .toTypedArray() as Float32Array;
      return {
        thumbnails: part(0, THUMBNAIL_SIDE, THUMBNAIL_SIDE),
        areas: part(THUMBNAIL_SIDE, HASH_ROWS, HASH_COLUMNS),
      };
    });
    const count = THUMBNAIL_SIDE ** 2;
    for (let at = 0; at < thumbnails.length; at += count) standardise(thumbnails.subarray(at, at + count));
    return { gradient: gradientBits(areas), thumbnails };
  }

  dispose(): void {
    this.#rows.dispose();
    this.#columns.dispose();
  }
}

/** @param areas [n, 8, 9]   @returns [n · 2] */
function gradientBits(areas: Float32Array): Uint32Array {
  const words = new Uint32Array((2 * areas.length) / (HASH_ROWS * HASH_COLUMNS));
  for (let word = 0, at = 0; word < words.length; word++) {
    let bits = 0;
    for (let row = 0; row < HASH_ROWS / 2; row++, at += HASH_COLUMNS)
      for (let column = 0; column < HASH_COLUMNS - 1; column++)
        bits = (bits << 1) | (areas[at + column]! < areas[at + column + 1]! ? 1 : 0);
    words[word] = bits;
  }
  return words;
}

/** [to, from]: an antialiased resize of one axis, as resizing the unit vectors shows it. */
function resizeMatrix(from: number, to: number): Tensor {
  const unit = ops.eye(from).view(1, 1, from, from);
  return ops.interpolateBilinearAntialias(unit, [to, from], false).view(to, from);
}

/** Below this, shades of grey are noise, and their pattern says nothing. */
const LEAST_DEVIATION = 1;

function standardise(values: Float32Array): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  const flat = length < LEAST_DEVIATION * Math.sqrt(values.length);
  values.forEach((value, i) => {
    values[i] = flat ? 0 : (value - mean) / length;
  });
}
