import { statSync } from "node:fs";
import { EXPRESSIONS } from "../../lib/expressions.ts";
import { sha256 } from "../../lib/sha256.ts";
import {
  type Databases,
  MANIFEST_KEY,
  MAX_SOURCE_ID_BYTES,
  openDatabases,
  readClip,
  readJson,
  readManifest,
  type SourceOutcome,
  type SourceProblem,
  type StoredClip,
  storeFile,
  toJson,
  UNREADABLE,
} from "./environment.ts";
import { StoreError, StoreOptionsError } from "./errors.ts";
import {
  addTally,
  emptyCounts,
  FORMAT_VERSION,
  type Manifest,
  type StoreOptions,
  type StoreShard,
} from "./manifest.ts";
import { findOrigin } from "./origin.ts";
import { type FrameRecord, packRecord, packVotes } from "./record.ts";
import { lockStore } from "./storeLock.ts";
import { packageVersions } from "./versions.ts";

/** A frame about to be stored; `image` is already in the store's codec. */
export type NewFrame = FrameRecord & { image: Uint8Array };

/** Frames of one followed face, in time order. */
export type NewTrack = { frames: NewFrame[] };

/** Everything read from one source, as the writer stores it. */
export type SourceResult = Pick<StoredClip, "person" | "split" | "kind" | "frameRateHz"> & {
  id: string;
  framesSampled: number;
  tracks: NewTrack[];
  /** Frames dropped, by reason. */
  skipped: Record<string, number>;
  /** If `unreadable`, there is nothing else, and the next run tries again. */
  problem?: SourceProblem;
};

/** Write access to a frame store; one process at a time. */
export class StoreWriter {
  #manifest: Manifest;
  /** The manifest as this writer last saw it in the file. */
  #committed: Buffer | undefined;
  readonly #framesOfPerson: Map<string, number>;
  readonly #unlock: () => void;
  /** Of the file that is open. */
  readonly #inode: number;

  private constructor(
    readonly path: string,
    /** @internal */
    readonly databases: Databases,
    manifest: Manifest,
    unlock: () => void,
  ) {
    this.#manifest = manifest;
    this.#unlock = unlock;
    this.#inode = statSync(storeFile(path)).ino;
    // A copy: lmdb reads into memory that it uses again.
    const bytes = databases.meta.get(MANIFEST_KEY);
    this.#committed = bytes && Buffer.from(bytes);
    this.#framesOfPerson = countFrames(databases);
  }

  /** See `FrameStore.create`. */
  static open(path: string, options: StoreOptions, shard?: StoreShard): StoreWriter {
    const unlock = lockStore(path, "adds to");
    let databases: Databases | undefined;
    try {
      databases = openDatabases(path, false);
      const existing = readManifest(databases, path);
      if (existing !== undefined) {
        checkOptions(path, existing.options, options);
        checkShard(path, existing.shard, shard);
      }
      const manifest =
        existing === undefined ? newManifest(options, shard) : withLabelNumbers(existing, options);
      const writer = new StoreWriter(path, databases, manifest, unlock);
      if (existing === undefined) writer.#commit({ ...manifest }, () => {});
      return writer;
    } catch (error) {
      void databases?.root.close();
      unlock();
      throw error;
    }
  }

  /** Counts and options as of the last commit. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  /** True if the source was read before; an unreadable one counts as not yet read, since it may have been mended. */
  has(sourceId: string): boolean {
    const outcome = this.#outcome(sourceId);
    return outcome !== undefined && outcome.problem?.reason !== UNREADABLE;
  }

  /** True if this person was removed for good. */
  isRemoved(person: string): boolean {
    const { removedPersons } = this.#manifest;
    // Earlier versions kept the hash of the name in the form that macOS writes.
    return [hashName(person), sha256(person.normalize("NFD"))].some((hash) => removedPersons.includes(hash));
  }

  /**
   * Stores everything read from some sources, in one transaction.
   * @throws StoreError if the disk is full, or another process writes to the store
   */
  append(results: readonly SourceResult[]): void {
    const next = structuredClone(this.#manifest);
    next.complete = false;
    const frames = new Map(this.#framesOfPerson);
    this.#commit(next, () => {
      for (const result of results) this.#put(next, frames, result);
      next.counts.persons = frames.size;
    });
    for (const [person, count] of frames) this.#framesOfPerson.set(person, count);
  }

  /** Marks the store as complete. @param badRows label rows that could not be read, by reason */
  finish(badRows: Readonly<Record<string, number>> = {}): void {
    const next = structuredClone(this.#manifest);
    next.complete = true;
    next.badRows = addTally({}, badRows);
    this.#commit(next, () => {});
  }

  /** Closes the store's file. */
  async close(): Promise<void> {
    await this.databases.root.close();
    this.#unlock();
  }

  #put(next: Manifest, frames: Map<string, number>, result: SourceResult): void {
    const before = this.#outcome(result.id);
    if (before !== undefined && before.problem?.reason !== UNREADABLE) {
      throw otherWriter(this.path, ` (it added ${result.id})`);
    }
    const { counts } = next;
    if (before === undefined) counts.clips += 1;
    else counts.problems = addTally(counts.problems, { [UNREADABLE]: 1 }, -1);
    if (result.problem) counts.problems = addTally(counts.problems, { [result.problem.reason]: 1 });
    counts.framesSampled += result.framesSampled;
    counts.skipped = addTally(counts.skipped, result.skipped);
    const tracks = result.tracks.map((track, i) => this.#putTrack(next, frames, result, i, track));
    this.databases.sources.put(this.#sourceKey(result.id), toJson(outcomeOf(result, tracks)));
  }

  #putTrack(
    next: Manifest,
    frames: Map<string, number>,
    source: SourceResult,
    number: number,
    track: NewTrack,
  ): number {
    const { id, person, split, kind, frameRateHz } = source;
    const key = next.nextClip++;
    const clip: StoredClip = {
      key,
      source: id,
      track: number,
      person,
      split,
      kind,
      frameRateHz,
      firstFrame: next.nextFrame,
      frameCount: track.frames.length,
    };
    this.databases.clips.put(key, toJson(clip));
    for (const frame of track.frames) {
      this.databases.images.put(next.nextFrame, Buffer.from(frame.image));
      this.databases.records.put(next.nextFrame, Buffer.from(packRecord(frame)));
      if (frame.labels.votes)
        this.databases.votes!.put(next.nextFrame, Buffer.from(packVotes(frame.labels.votes)));
      next.nextFrame += 1;
    }
    next.counts.tracks += 1;
    next.counts.frames += track.frames.length;
    if (person !== null) frames.set(person, (frames.get(person) ?? 0) + track.frames.length);
    return key;
  }

  #commit(next: Manifest, write: () => void): void {
    const { root, meta } = this.databases;
    let bytes: Buffer | undefined;
    // Another file in its place, put there by a process that knows no locks: what goes into this one would be lost.
    if (statSync(storeFile(this.path), { throwIfNoEntry: false })?.ino !== this.#inode)
      throw new StoreError(
        this.path,
        "the file that was opened",
        "another, or none: another process has replaced or removed it",
        "Run the same command again.",
      );
    try {
      root.transactionSync(() => {
        // Counts and next keys are this writer's own memory: over another's, they would put frames upon frames.
        if (!sameBytes(meta.get(MANIFEST_KEY), this.#committed)) throw otherWriter(this.path);
        write();
        bytes = toJson(next);
        meta.put(MANIFEST_KEY, bytes);
      });
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw writeFailure(this.path, cause as Error);
    }
    this.#manifest = next;
    this.#committed = bytes;
  }

  #outcome(id: string): SourceOutcome | undefined {
    return readJson<SourceOutcome, string>(this.databases.sources, this.#sourceKey(id));
  }

  #sourceKey(id: string): string {
    return Buffer.byteLength(id) <= MAX_SOURCE_ID_BYTES ? id : sha256(id);
  }
}

const otherWriter = (path: string, detail = ""): StoreError =>
  new StoreError(
    path,
    "no other writer",
    `one: another process is writing this store${detail}`,
    "Wait for it to finish, and run the same command again.",
  );

const sameBytes = (a: Buffer | undefined, b: Buffer | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.equals(b);

/** How removed people are remembered: their names are gone from the store too. */
export const hashName = (person: string): string => sha256(person.normalize("NFC"));

function writeFailure(path: string, cause: Error): StoreError {
  const { message } = cause;
  // A write that ran out of room halfway reaches LMDB as an input/output error.
  if (!/No space|too large|quota|Input\/output/i.test(message))
    return new StoreError(path, "a store that can be written", message, "Check the folder and its disk.", {
      cause,
    });
  return new StoreError(
    path,
    "a disk with free space",
    `${message}: the disk is full, or fails`,
    "Free space and run the same command again; what is stored is intact.",
    { cause },
  );
}

function outcomeOf(result: SourceResult, tracks: number[]): SourceOutcome {
  const { person, framesSampled, skipped, problem } = result;
  return { person, framesSampled, tracks, skipped: addTally({}, skipped), ...(problem && { problem }) };
}

function countFrames(databases: Databases): Map<string, number> {
  const frames = new Map<string, number>();
  for (const { value } of databases.clips.getRange()) {
    const { person, frameCount } = readClip(value);
    if (person !== null) frames.set(person, (frames.get(person) ?? 0) + frameCount);
  }
  return frames;
}

function newManifest(options: StoreOptions, shard: StoreShard | undefined): Manifest {
  const origin = findOrigin(options);
  return {
    format: "duchenne-frame-store",
    formatVersion: FORMAT_VERSION,
    versions: packageVersions(),
    options,
    ...(origin && { origin }),
    expressions: [...EXPRESSIONS],
    complete: false,
    counts: emptyCounts(),
    badRows: {},
    nextFrame: 0,
    nextClip: 0,
    removedPersons: [],
    ...(shard && { shard }),
  };
}

/** A store whose labels were words so far may get its first numbers. */
const withLabelNumbers = (manifest: Manifest, { labelNumbers }: StoreOptions): Manifest =>
  labelNumbers === undefined ? manifest : { ...manifest, options: { ...manifest.options, labelNumbers } };

function checkShard(path: string, expected: StoreShard | undefined, received: StoreShard | undefined): void {
  const nameOf = (shard: StoreShard | undefined) => (shard ? `${shard.index}/${shard.count}` : "none");
  if (nameOf(expected) !== nameOf(received))
    throw new StoreOptionsError(path, "shard", nameOf(expected), nameOf(received));
  if (expected?.plan !== received?.plan)
    throw new StoreError(
      path,
      "the list of files with which this shard was begun",
      "another: files were added, removed or changed",
      "Prepare all shards anew.",
    );
}

function checkOptions(path: string, expected: StoreOptions, received: StoreOptions): void {
  for (const option of Object.keys(expected) as (keyof StoreOptions)[]) {
    if (option === "labelNumbers" && received[option] === undefined) continue;
    if (expected[option] !== received[option]) {
      throw new StoreOptionsError(path, option, String(expected[option]), String(received[option]));
    }
  }
}
