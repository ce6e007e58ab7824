/** Fingerprints of images, which exact and near duplicates share. */
import { createHash } from "node:crypto";
import { keep, ops, scope, sharedTensor, type Tensor, tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { YieldTurn } from "../../lib/yieldTurn.ts";

/** Side of a thumbnail, pixels. */
export const THUMBNAIL_SIDE = 16;
const THUMBNAIL_VALUES = THUMBNAIL_SIDE ** 2;
const SHA1_BYTES = 20;
const HASH_ROWS = 8;
const HASH_COLUMNS = 9;
const BATCH = 64;
/** ITU-R BT.601. */
const GREY = [0.299, 0.587, 0.114];

/** Fingerprints of n images. */
export interface Fingerprints {
  /** [n] SHA-1 of all pixels. */
  readonly exact: readonly string[];
  /** [n · 2] dHash, 64 bits: whether each of 8 x 8 areas is darker than its right neighbour. */
  readonly gradient: Uint32Array;
  /** [n · 256] grey thumbnail with mean 0 and length 1; zeros if the image is flat. */
  readonly thumbnails: Float32Array;
}

/**
 * Takes the fingerprints of images, as their frames pass by for another purpose or by reading them.
 * @see Krawetz 2013, "Kind of like that" (dHash)
 */
export class Fingerprinter {
  /** Bytes of an image's fingerprints in a row of `take`. */
  readonly length = SHA1_BYTES + 8 + 4 * THUMBNAIL_VALUES;
  readonly #store: FrameStore;
  readonly #keys: readonly number[];
  readonly #miniatures: Miniatures;
  readonly #exact: string[] = [];
  readonly #gradient: Uint32Array;
  readonly #thumbnails: Float32Array;

  /** @param keys frame keys of the images, n of them */
  constructor(store: FrameStore, keys: readonly number[]) {
    this.#store = store;
    this.#keys = keys;
    this.#miniatures = new Miniatures(store.manifest.options.size);
    this.#gradient = new Uint32Array(2 * keys.length);
    this.#thumbnails = new Float32Array(THUMBNAIL_VALUES * keys.length);
  }

  /** Takes the fingerprints of k images. @param images their indices   @param frames [k, size, size, 3] RGB bytes */
  add(images: readonly number[], frames: Uint8Array): void {
    this.addRows(images, this.take(frames));
  }

  /** Fingerprints as bytes, which another process can add. @param frames [k, size, size, 3] RGB bytes   @returns [k · length] */
  take(frames: Uint8Array): Uint8Array {
    const { gradient, thumbnails } = this.#miniatures.of(frames);
    const n = gradient.length / 2;
    const frameBytes = frames.length / n;
    const rows = new Uint8Array(n * this.length);
    for (let k = 0; k < n; k++) {
      const frame = frames.subarray(k * frameBytes, (k + 1) * frameBytes);
      const row = rows.subarray(k * this.length);
      row.set(createHash("sha1").update(frame).digest());
      row.set(bytesOf(gradient.subarray(2 * k, 2 * k + 2)), SHA1_BYTES);
      row.set(bytesOf(thumbnails.subarray(k * THUMBNAIL_VALUES, (k + 1) * THUMBNAIL_VALUES)), SHA1_BYTES + 8);
    }
    return rows;
  }

  /** Adds fingerprints of k images. @param images their indices   @param rows [k · length] from `take` */
  addRows(images: readonly number[], rows: Uint8Array): void {
    for (const [k, i] of images.entries()) {
      const row = rows.slice(k * this.length, (k + 1) * this.length);
      this.#exact[i] = Buffer.from(row.buffer, 0, SHA1_BYTES).toString("base64");
      this.#gradient.set(new Uint32Array(row.buffer, SHA1_BYTES, 2), 2 * i);
      this.#thumbnails.set(new Float32Array(row.buffer, SHA1_BYTES + 8), THUMBNAIL_VALUES * i);
    }
  }

  /**
   * Reads the images that were not added.
   * @param onDone called with the number of images that have fingerprints
   */
  async finish(yieldTurn: YieldTurn, onDone: (count: number) => void): Promise<Fingerprints> {
    const rest = [...this.#keys.keys()].filter((i) => this.#exact[i] === undefined);
    for (let start = 0; start < rest.length; start += BATCH) {
      const part = rest.slice(start, start + BATCH);
      this.add(part, this.#store.readFrames(part.map((i) => this.#keys[i]!)));
      onDone(this.#keys.length - rest.length + start + part.length);
      await yieldTurn();
    }
    return { exact: this.#exact, gradient: this.#gradient, thumbnails: this.#thumbnails };
  }

  [Symbol.dispose](): void {
    this.#miniatures.dispose();
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Computes both miniatures of frames of one size at once: a resize is a matrix product along each axis. */
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

  /** @param frames [n, size, size, 3] RGB bytes   @returns [n · 2] dHashes and [n · 256] thumbnails */
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
    for (let at = 0; at < thumbnails.length; at += THUMBNAIL_VALUES)
      standardise(thumbnails.subarray(at, at + THUMBNAIL_VALUES));
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

/** The matrix [to, from] of an antialiased resize along one axis, from resizing the unit vectors. */
function resizeMatrix(from: number, to: number): Tensor {
  const unit = ops.eye(from).view(1, 1, from, from);
  return ops.interpolateBilinearAntialias(unit, [to, from], false).view(to, from);
}

/** Least standard deviation in grey levels; below it the pattern is noise. */
const LEAST_DEVIATION = 1;

/** Gives a thumbnail mean 0 and length 1, in place. */
function standardise(values: Float32Array): void {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const length = Math.sqrt(squares);
  const flat = length < LEAST_DEVIATION * Math.sqrt(values.length);
  for (let i = 0; i < values.length; i++) values[i] = flat ? 0 : (values[i]! - mean) / length;
}
