import { existsSync } from "node:fs";
import { copyEntries } from "./copyEntries.ts";
import {
  type Databases,
  MANIFEST_KEY,
  openDatabases,
  readClip,
  readJson,
  readManifest,
  type SourceOutcome,
  type StoredClip,
  storeFile,
  toJson,
} from "./environment.ts";
import { noManifest, StoreError } from "./errors.ts";
import { addTally, type Manifest } from "./manifest.ts";
import { removeStoreFile, swapStoreFiles } from "./storeFiles.ts";
import { lockStore } from "./storeLock.ts";
import { hashName } from "./storeWriter.ts";

/** What `removePerson` removed. */
export type Removal = { clips: number; frames: number };

/**
 * Removes a person from a store permanently: clips, frames, the outcomes of their sources, and their name.
 *
 * LMDB marks pages free without wiping them, and its compacting copy takes whole pages, stale bytes between live ones
 * included. So everything that stays is written into a new file, entry by entry; that file takes the old one's place in
 * one rename. Killed before the rename, nothing has changed; after it, the old file is unlinked. What no program can
 * promise: blocks the file system or the drive has freed but not overwritten, backups, and models trained before.
 * Processes that have the store open keep reading the old file until they close it. Nobody can add to the store meanwhile.
 *
 * @returns what was removed
 * @throws StoreError if there is no such person, naming some that there are, or if another process writes to the store
 */
export async function removePerson(path: string, person: string): Promise<Removal> {
  // Before the lock, which makes the folder.
  if (!existsSync(storeFile(path))) await openDatabases(path, true).root.close();
  const unlock = lockStore(path, "removes a person from");
  try {
    return await rewriteWithout(path, person);
  } finally {
    unlock();
  }
}

async function rewriteWithout(path: string, person: string): Promise<Removal> {
  const from = openDatabases(path, true);
  const nextFile = `${storeFile(path)}-next`;
  removeStoreFile(nextFile);
  try {
    const manifest = readManifest(from, path);
    if (manifest === undefined) throw noManifest(path);
    const going = whatGoes(from, path, person.normalize("NFC"));
    const to = openDatabases(path, false, nextFile);
    try {
      copyRest(from, to, manifest, person, going);
    } finally {
      await to.root.close();
    }
    checkUnchanged(from, path, manifest);
    swapStoreFiles(nextFile, storeFile(path));
    return { clips: going.clips.length, frames: frameTotal(going.clips) };
  } finally {
    await from.root.close();
    removeStoreFile(nextFile);
  }
}

/** Versions before the lock, and other machines, may have written meanwhile. */
function checkUnchanged(from: Databases, path: string, manifest: Manifest): void {
  from.root.resetReadTxn();
  if (toJson(readManifest(from, path)).equals(toJson(manifest))) return;
  throw new StoreError(
    path,
    "a store that nobody writes to",
    "another: its content has changed since the command began",
    "Nothing was removed: wait for the other process, and run the command again.",
  );
}

const frameTotal = (clips: readonly StoredClip[]): number =>
  clips.reduce((total, { frameCount }) => total + frameCount, 0);

type Going = { clips: StoredClip[]; sources: Map<string, SourceOutcome> };

function whatGoes(from: Databases, path: string, person: string): Going {
  const going: Going = { clips: [], sources: new Map() };
  const names = new Set<string>();
  for (const id of from.sources.getKeys()) {
    const outcome = readJson<SourceOutcome, string>(from.sources, id)!;
    if (outcome.person?.normalize("NFC") === person) going.sources.set(id, outcome);
    else if (outcome.person !== null) names.add(outcome.person);
  }
  if (going.sources.size === 0) throw unknownPerson(path, person, [...names].sort());
  for (const { value } of from.clips.getRange()) {
    const clip = readClip(value);
    if (clip.person === person) going.clips.push(clip);
  }
  return going;
}

function unknownPerson(path: string, person: string, names: readonly string[]): StoreError {
  const some = names.slice(0, 5).join(", ") + (names.length > 5 ? ", …" : "");
  return new StoreError(
    path,
    `the name of one of ${names.length} people${some && ` (${some})`}`,
    `"${person}"`,
    "List them with `duchenne inspect --json`.",
  );
}

function copyRest(from: Databases, to: Databases, manifest: Manifest, person: string, going: Going): void {
  const clips = new Set(going.clips.map(({ key }) => key));
  const frames = new Set(
    going.clips.flatMap(({ firstFrame, frameCount }) =>
      Array.from({ length: frameCount }, (_, i) => firstFrame + i),
    ),
  );
  const unless =
    <K>(goes: { has(key: K): boolean }) =>
    (key: K, read: () => Buffer) =>
      goes.has(key) ? undefined : { key, value: read() };
  copyEntries(to.root, from.clips, to.clips, unless<number>(clips));
  copyEntries(to.root, from.images, to.images, unless<number>(frames));
  copyEntries(to.root, from.records, to.records, unless<number>(frames));
  if (from.votes) copyEntries(to.root, from.votes, to.votes!, unless<number>(frames));
  copyEntries(to.root, from.sources, to.sources, unless<string>(going.sources));
  // Braces: lmdb keeps a transaction open while what the callback returns is a pending promise.
  to.root.transactionSync(() => {
    to.meta.put(MANIFEST_KEY, toJson(without(manifest, person, going)));
  });
}

function without(manifest: Manifest, person: string, going: Going): Manifest {
  const next = structuredClone(manifest);
  const { counts } = next;
  counts.clips -= going.sources.size;
  counts.tracks -= going.clips.length;
  counts.frames -= frameTotal(going.clips);
  if (going.clips.length > 0) counts.persons -= 1;
  for (const { framesSampled, skipped, problem } of going.sources.values()) {
    counts.framesSampled -= framesSampled;
    counts.skipped = addTally(counts.skipped, skipped, -1);
    if (problem) counts.problems = addTally(counts.problems, { [problem.reason]: 1 }, -1);
  }
  next.removedPersons = [...new Set([...next.removedPersons, hashName(person)])].sort();
  return next;
}
