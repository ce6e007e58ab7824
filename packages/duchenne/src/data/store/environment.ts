import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Database, RootDatabase } from "lmdb";
import { writeFailureText } from "../../lib/files/errors.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import { parseSplit } from "../../lib/splitNames.ts";
import { StoreError } from "./errors.ts";
import { checkStoreFile } from "./fileCheck.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

/**
 * Layout of a frame store: a folder with one LMDB file, `frames.mdb`, of six databases.
 *
 * | database | key | value |
 * |---|---|---|
 * | `meta` | "manifest" | JSON, see manifest.ts |
 * | `sources` | source id: path within the source, "/" between folders | JSON `SourceOutcome`: what came of it |
 * | `clips` | uint32 clip key | JSON `StoredClip` |
 * | `images` | uint32 frame key | JPEG, or [size, size, 3] RGB bytes |
 * | `records` | uint32 frame key | time, labels, landmarks, feature: see record.ts |
 * | `votes` | uint32 frame key | float32 [8] votes for each expression; absent if there are none |
 *
 * Frame keys count up in the order of the sorted source listing, so a clip's frames are `firstFrame` to
 * `firstFrame + frameCount - 1`. One source's clips, frames, outcome and the manifest's counts are one transaction.
 * @internal
 */
export type Databases = {
  root: RootDatabase<Buffer, string>;
  meta: Database<Buffer, string>;
  sources: Database<Buffer, string>;
  clips: Database<Buffer, number>;
  images: Database<Buffer, number>;
  records: Database<Buffer, number>;
  /** Undefined in a store of an earlier version that is open to read. */
  votes: Database<Buffer, number> | undefined;
};

/** Reason of a source in which nothing could be read. */
export const UNREADABLE = "unreadable";

/** Problem of a source: nothing in it could be read, or a part was damaged and the rest is stored. */
export type SourceProblem = { reason: typeof UNREADABLE | "damaged"; message: string };

/** What came of one source; `problem` is absent if all of it could be read. */
export type SourceOutcome = {
  /** Null if the data set does not name people. */
  person: string | null;
  framesSampled: number;
  /** Clip keys. */
  tracks: number[];
  skipped: Record<string, number>;
  problem?: SourceProblem;
};

/** One followed face: consecutive frames of one person, the method's clip. A still is a clip of one frame. */
export type StoredClip = {
  key: number;
  /** Id of the source it was cut from. */
  source: string;
  /** 0-based number of the face within its source. */
  track: number;
  /** As the source's. */
  person: string | null;
  /** "train", "validation", "test"; older stores may have other names. */
  split: string | null;
  kind: "video" | "frames" | "still";
  /** Sampled frames per second; 0 for a still. */
  frameRateHz: number;
  firstFrame: number;
  frameCount: number;
};

/** A clip as it is stored; older stores have names of people and splits in any form. @internal */
export function readClip(value: Buffer): StoredClip {
  const clip = JSON.parse(value.toString()) as StoredClip;
  clip.person = clip.person?.normalize("NFC") ?? null;
  clip.split = clip.split && (parseSplit(clip.split) ?? clip.split);
  return clip;
}

const STORE_FILE = "frames.mdb";
/** Key of the manifest in the database `meta`. */
export const MANIFEST_KEY = "manifest";
/** LMDB's limit is 1,978 bytes with 4 KB pages. */
export const MAX_SOURCE_ID_BYTES = 1900;

/** Path of the LMDB file in a store's folder. */
export const storeFile = (path: string): string => join(path, STORE_FILE);

/** Removes a closed store's files, and its folder if nothing else is in it. */
export function removeStore(path: string): void {
  for (const file of [storeFile(path), `${storeFile(path)}-lock`]) rmSync(file, { force: true });
  if (readdirSync(path).length === 0) rmdirSync(path);
}

/** Opens the databases of the store in folder `path`, creating what is missing unless `readOnly`. @internal */
export function openDatabases(path: string, readOnly: boolean, file = storeFile(path)): Databases {
  if (readOnly && !existsSync(file))
    throw new StoreError(
      path,
      "a frame store",
      `a path without ${STORE_FILE}`,
      "Check the path, or make a store with `duchenne prepare`.",
    );
  try {
    if (!readOnly) makeFolder(path);
    if (existsSync(file)) checkStoreFile(path, file, !readOnly);
    return openFile(file, readOnly);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const message = writeFailureText(cause);
    throw new StoreError(path, `a readable ${STORE_FILE}`, message, remedyOf(message), { cause });
  }
}

function remedyOf(message: string): string {
  if (/allocate memory/i.test(message))
    return "The file is mapped into the address space: raise its limit (ulimit -v).";
  if (/too many open files/i.test(message)) return "Raise the limit of open files (ulimit -n).";
  return "Check its permissions.";
}

/** Loaded with the first store that is opened: its native part takes longer to load than all of this package's store. */
const lmdb = (): typeof import("lmdb") => createRequire(import.meta.url)("lmdb");

function openFile(file: string, readOnly: boolean): Databases {
  // Plain commits: each is on the disk when it returns, so no later one can be there without it.
  const root = lmdb().open<Buffer, string>(file, {
    noSubdir: true,
    readOnly,
    maxDbs: 8,
    encoding: "binary",
    overlappingSync: false,
    // Freed pages must not carry other data into the file.
    noMemInit: false,
  });
  const byNumber = { encoding: "binary", keyEncoding: "uint32" } as const;
  const byName = { encoding: "binary" } as const;
  try {
    return {
      root,
      meta: root.openDB<Buffer, string>("meta", byName),
      sources: root.openDB<Buffer, string>("sources", byName),
      clips: root.openDB<Buffer, number>("clips", byNumber),
      images: root.openDB<Buffer, number>("images", byNumber),
      records: root.openDB<Buffer, number>("records", byNumber),
      votes: root.openDB<Buffer, number>("votes", byNumber) as Database<Buffer, number> | undefined,
    };
  } catch (cause) {
    void root.close();
    throw cause;
  }
}

/** A value as JSON bytes. @internal */
export const toJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** The parsed JSON under `key`. The caller knows the database, so it names the type. @internal */
export function readJson<T, K extends string | number>(database: Database<Buffer, K>, key: K): T | undefined {
  const bytes = database.get(key);
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString()) as T);
}

/** @returns undefined if a killed `create` left an empty file @throws StoreError if it is another format's @internal */
export function readManifest(databases: Databases, path: string): Manifest | undefined {
  const json = readJson<unknown, string>(databases.meta, MANIFEST_KEY);
  if (json === undefined) return undefined;
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new StoreError(
    path,
    "the manifest of a frame store of this version",
    `${issue?.path.join(".")}: ${issue?.message}`,
    "Prepare the store again.",
  );
}
