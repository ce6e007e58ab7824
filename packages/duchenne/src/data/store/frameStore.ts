import { sha256 } from "../../lib/sha256.ts";
import {
  type Databases,
  openDatabases,
  readClip,
  readJson,
  readManifest,
  type SourceOutcome,
  type StoredClip,
} from "./environment.ts";
import { noManifest, StoreError } from "./errors.ts";
import { asBuffer, decodeImage } from "./imageCodec.ts";
import type { Manifest, StoreOptions, StoreShard } from "./manifest.ts";
import {
  copyFeature,
  copyLandmarks,
  type FrameLabels,
  type FrameRecord,
  LANDMARK_COUNT,
  unpackLabels,
  unpackRecord,
  unpackVotes,
} from "./record.ts";
import { StoreWriter } from "./storeWriter.ts";

/** A frame with its decoded crop. */
export type StoredFrame = FrameRecord & {
  /** [size, size, 3] RGB. */
  image: Uint8Array;
};

/**
 * Read access to a frame store (its layout: environment.ts). Any number of threads and processes may have it open;
 * each thread opens its own.
 */
export class FrameStore {
  readonly manifest: Manifest;
  readonly #imageBytes: number;

  private constructor(
    readonly path: string,
    /** @internal */
    readonly databases: Databases,
    manifest: Manifest,
  ) {
    this.manifest = manifest;
    this.#imageBytes = manifest.options.size ** 2 * 3;
  }

  /**
   * Opens a store to read.
   * @param path the store's folder
   * @param options.allowIncomplete also open a store whose `prepare` has not finished
   * @throws StoreError if the folder has no store, a store of another format, or an incomplete one
   */
  static open(path: string, options: { allowIncomplete?: boolean } = {}): FrameStore {
    const databases = openDatabases(path, true);
    try {
      const manifest = readManifest(databases, path);
      if (manifest === undefined) throw noManifest(path);
      if (!manifest.complete && !options.allowIncomplete) {
        throw new StoreError(
          path,
          "a complete store",
          "one that is incomplete",
          "Run the same `duchenne prepare` again to finish it.",
        );
      }
      return new FrameStore(path, databases, manifest);
    } catch (error) {
      void databases.root.close();
      throw error;
    }
  }

  /**
   * Creates a store, or opens an existing one to continue it.
   * @param shard the part of a data set that it holds; absent: all of it
   * @throws StoreOptionsError if it was made with other options; StoreError if it cannot be written
   */
  static create(path: string, options: StoreOptions, shard?: StoreShard): StoreWriter {
    return StoreWriter.open(path, options, shard);
  }

  /** All clips, in key order. */
  clips(): StoredClip[] {
    const clips: StoredClip[] = [];
    for (const { value } of this.databases.clips.getRange()) clips.push(readClip(value));
    return clips;
  }

  /** SHA-256 of the manifest and the clips: another preparation gives another digest. */
  digest(clips = this.clips()): string {
    return sha256(JSON.stringify([this.manifest, clips]));
  }

  /** All sources and what came of them, in the order of their ids. */
  *sources(): Generator<{ id: string } & SourceOutcome> {
    for (const id of this.databases.sources.getKeys()) {
      yield { id, ...readJson<SourceOutcome, string>(this.databases.sources, id)! };
    }
  }

  /** One frame with everything known of it. @throws StoreError if there is no such key */
  frame(key: number): StoredFrame {
    const { labels, ...record } = unpackRecord(this.#record(key));
    return { ...record, labels: { ...labels, ...this.#votes(key) }, image: this.readFrames([key]) };
  }

  /**
   * Decodes frames: the fast path of the loader.
   * @param keys frame keys, n of them, in any order
   * @param out where to write, n · size · size · 3 bytes; may be shared memory
   * @returns [n, size, size, 3] RGB
   * @throws StoreError if a key is unknown; RangeError if `out` has another size
   */
  readFrames(
    keys: ArrayLike<number>,
    out: Uint8Array = new Uint8Array(keys.length * this.#imageBytes),
  ): Uint8Array {
    expectLength("readFrames", out.length, keys.length * this.#imageBytes);
    const { codec } = this.manifest.options;
    const target = asBuffer(out);
    for (let i = 0; i < keys.length; i++) {
      const stored = this.databases.images.getBinaryFast(keys[i]!);
      if (stored === undefined) throw this.#unknownFrame(keys[i]!);
      decodeImage(stored, target.subarray(i * this.#imageBytes, (i + 1) * this.#imageBytes), codec);
    }
    return out;
  }

  /** @returns [n, 68, 2] x, y in crop pixels */
  readLandmarks(
    keys: ArrayLike<number>,
    out: Float32Array = new Float32Array(keys.length * LANDMARK_COUNT * 2),
  ): Float32Array {
    expectLength("readLandmarks", out.length, keys.length * LANDMARK_COUNT * 2);
    for (let i = 0; i < keys.length; i++) copyLandmarks(this.#record(keys[i]!), out, i * LANDMARK_COUNT * 2);
    return out;
  }

  /** @returns [n, featureLength] eye+mouth features */
  readFeatures(
    keys: ArrayLike<number>,
    out: Float32Array = new Float32Array(keys.length * this.manifest.options.featureLength),
  ): Float32Array {
    const length = this.manifest.options.featureLength;
    expectLength("readFeatures", out.length, keys.length * length);
    for (let i = 0; i < keys.length; i++) copyFeature(this.#record(keys[i]!), out, i * length);
    return out;
  }

  /** The frames' labels, and their times in seconds. */
  readLabels(keys: ArrayLike<number>): (FrameLabels & { timeSeconds: number })[] {
    return Array.from(keys, (key) => {
      const bytes = this.#record(key);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return { timeSeconds: view.getFloat64(0, true), ...unpackLabels(view), ...this.#votes(key) };
    });
  }

  /** Closes the store's file. */
  async close(): Promise<void> {
    await this.databases.root.close();
  }

  #votes(key: number): Pick<FrameLabels, "votes"> {
    const bytes = this.databases.votes?.get(key);
    return bytes === undefined ? {} : { votes: unpackVotes(bytes) };
  }

  /** Valid until the next read. */
  #record(key: number): Buffer {
    const bytes = this.databases.records.getBinaryFast(key);
    if (bytes === undefined) throw this.#unknownFrame(key);
    // A fast read returns LMDB's one large buffer with `length` overwritten.
    return bytes.subarray(0, bytes.length);
  }

  #unknownFrame(key: number): StoreError {
    return new StoreError(this.path, "the key of a frame", String(key), "Take keys from `clips()`.");
  }
}

function expectLength(what: string, received: number, expected: number): void {
  if (received !== expected)
    throw new RangeError(
      `${what}: expected \`out\` of length ${expected}, received ${received}. Allocate it by the number of keys.`,
    );
}
