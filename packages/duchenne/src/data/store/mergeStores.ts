import { existsSync } from "node:fs";
import { ConfigError } from "../../lib/errors.ts";
import { copyEntries } from "./copyEntries.ts";
import {
  type Databases,
  MANIFEST_KEY,
  openDatabases,
  readClip,
  readManifest,
  type SourceOutcome,
  type StoredClip,
  storeFile,
  toJson,
} from "./environment.ts";
import { noManifest, StoreError } from "./errors.ts";
import { addTally, type Manifest, type StoreCounts } from "./manifest.ts";
import { removeStoreFile, swapStoreFiles } from "./storeFiles.ts";

interface Shard {
  readonly path: string;
  readonly databases: Databases;
  readonly manifest: Manifest & { readonly shard: NonNullable<Manifest["shard"]> };
}

/**
 * Puts the shards of one data set together, in the order of their parts. The result is the store of a preparation in one go, its digest
 * included.
 * @param paths folders of all shards, in any order   @param out folder of a new store
 * @returns the counts of the merged store
 * @throws StoreError, writing nothing, unless each shard is there once, is complete, and was made of the same files with the same
 * options and versions
 */
export async function mergeStores(paths: readonly string[], out: string): Promise<StoreCounts> {
  if (existsSync(storeFile(out)))
    throw new StoreError(out, "a folder without a store", "one with a store", "Choose another `out`.");
  const shards: Shard[] = [];
  const next = `${storeFile(out)}-next`;
  try {
    for (const path of paths) shards.push(openShard(path));
    shards.sort((a, b) => a.manifest.shard.index - b.manifest.shard.index);
    checkShards(shards);
    removeStoreFile(next);
    const to = openDatabases(out, false, next);
    let manifest: Manifest;
    try {
      manifest = copyAll(shards, to);
    } finally {
      await to.root.close();
    }
    swapStoreFiles(next, storeFile(out));
    return manifest.counts;
  } finally {
    for (const { databases } of shards) await databases.root.close();
    removeStoreFile(next);
  }
}

function openShard(path: string): Shard {
  const databases = openDatabases(path, true);
  try {
    const manifest = readManifest(databases, path);
    if (manifest === undefined) throw noManifest(path);
    const { shard } = manifest;
    if (shard === undefined)
      throw new StoreError(
        path,
        "a shard",
        "the store of a whole data set",
        "Make shards with `duchenne prepare --shard i/n`.",
      );
    if (!manifest.complete)
      throw new StoreError(
        path,
        "a complete shard",
        `an incomplete shard ${nameOf(shard)}`,
        "Run its `duchenne prepare` again to finish it.",
      );
    return { path, databases, manifest: { ...manifest, shard } };
  } catch (error) {
    void databases.root.close();
    throw error;
  }
}

const nameOf = ({ index, count }: NonNullable<Manifest["shard"]>): string => `${index}/${count}`;

/** @param shards by rising index */
function checkShards(shards: readonly Shard[]): void {
  const [first] = shards;
  if (first === undefined)
    throw new ConfigError(
      "mergeStores: paths",
      "the folders of all shards",
      "none",
      "Name each shard's folder.",
    );
  for (const shard of shards) requireAlike(first, shard);
  const { count } = first.manifest.shard;
  const had = new Map<number, string>();
  for (const { path, manifest } of shards) {
    const other = had.get(manifest.shard.index);
    if (other !== undefined)
      throw new StoreError(
        path,
        "each shard once",
        `shard ${nameOf(manifest.shard)} again, which ${other} is`,
        "Name each shard's folder once.",
      );
    had.set(manifest.shard.index, path);
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !had.has(index));
  if (missing.length > 0)
    throw new StoreError(
      first.path,
      `all ${count} shards`,
      `${had.size}: ${missing.map((index) => `${index}/${count}`).join(", ")} missing`,
      "Prepare them, and name all folders.",
    );
}

/** Everything that all shards have in common. */
function requireAlike({ path, manifest: expected }: Shard, { path: other, manifest: received }: Shard): void {
  const facts = ({ formatVersion, versions, options, expressions, badRows, shard }: Shard["manifest"]) => ({
    "format version": formatVersion,
    versions,
    ...options,
    expressions,
    "label rows skipped": badRows,
    "number of shards": shard.count,
    "list of files": shard.plan,
  });
  const [ours, theirs] = [facts(expected), facts(received)] as Record<string, unknown>[];
  for (const name of Object.keys({ ...ours, ...theirs })) {
    const [a, b] = [JSON.stringify(ours![name]), JSON.stringify(theirs![name])];
    if (a !== b)
      throw new StoreError(
        other,
        `${name} ${a ?? "none"}, as ${path} has`,
        b ?? "none",
        "Prepare all shards with the same command and version, on the same files at the same path.",
      );
  }
}

function copyAll(shards: readonly Shard[], to: Databases): Manifest {
  const { shard: _, ...merged } = structuredClone(shards[0]!.manifest);
  const total: Manifest = { ...merged, nextFrame: 0, nextClip: 0, counts: emptied(merged.counts) };
  const persons = new Set<string>();
  const removed = new Set<string>();
  for (const { databases, manifest } of shards) {
    copyShard(databases, to, { frame: total.nextFrame, clip: total.nextClip }, persons);
    total.nextFrame += manifest.nextFrame;
    total.nextClip += manifest.nextClip;
    total.counts = sumOf(total.counts, manifest.counts);
    for (const hash of manifest.removedPersons) removed.add(hash);
  }
  total.counts.persons = persons.size;
  total.removedPersons = [...removed].sort();
  to.root.transactionSync(() => {
    to.meta.put(MANIFEST_KEY, toJson(total));
  });
  return total;
}

const emptied = (counts: StoreCounts): StoreCounts => ({
  ...counts,
  ...{ clips: 0, tracks: 0, persons: 0, framesSampled: 0, frames: 0, skipped: {}, problems: {} },
});

const sumOf = (a: StoreCounts, b: StoreCounts): StoreCounts => ({
  clips: a.clips + b.clips,
  tracks: a.tracks + b.tracks,
  persons: 0,
  framesSampled: a.framesSampled + b.framesSampled,
  frames: a.frames + b.frames,
  skipped: addTally(a.skipped, b.skipped),
  problems: addTally(a.problems, b.problems),
});

/** Keys continue after the last key of the shards before. */
function copyShard(
  from: Databases,
  to: Databases,
  first: { frame: number; clip: number },
  persons: Set<string>,
): void {
  copyEntries(to.root, from.clips, to.clips, (_, read) => {
    const value = read();
    const { person } = readClip(value);
    if (person !== null) persons.add(person);
    const clip = JSON.parse(value.toString()) as StoredClip;
    const moved = { ...clip, key: clip.key + first.clip, firstFrame: clip.firstFrame + first.frame };
    return { key: moved.key, value: toJson(moved) };
  });
  copyEntries(to.root, from.images, to.images, (key, read) => ({ key: key + first.frame, value: read() }));
  copyEntries(to.root, from.records, to.records, (key, read) => ({ key: key + first.frame, value: read() }));
  if (from.votes)
    copyEntries(to.root, from.votes, to.votes!, (key, read) => ({ key: key + first.frame, value: read() }));
  copyEntries(to.root, from.sources, to.sources, (key, read) => {
    const outcome = JSON.parse(read().toString()) as SourceOutcome;
    const tracks = outcome.tracks.map((track) => track + first.clip);
    return { key, value: toJson({ ...outcome, tracks }) };
  });
}
