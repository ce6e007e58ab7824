import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MANIFEST_KEY, openDatabases, readManifest, toJson } from "../../../src/data/store/environment.ts";
import { FrameStore, removePerson } from "../../../src/data/store/index.ts";
import { OPTIONS, source, temporaryFolder } from "./synthetic.ts";

const raw = { ...OPTIONS, codec: "raw" as const };

async function threePersons(): Promise<string> {
  const path = join(temporaryFolder(), "store");
  const writer = FrameStore.create(path, raw);
  for (const person of ["ann", "bob", "cecily"]) {
    writer.append([
      source(`${person}/1`, [6, 3], raw),
      source(`${person}/2`, [4], raw),
      source(`${person}/3`, [], raw),
    ]);
  }
  writer.finish();
  await writer.close();
  return path;
}

/** All files but LMDB's table of readers, which changes with every opening. */
const bytesOf = (path: string): Buffer =>
  Buffer.concat(
    readdirSync(path)
      .filter((file) => !file.endsWith("-lock"))
      .map((file) => readFileSync(join(path, file))),
  );

it("takes a person out: pixels, landmarks and name are gone from the files, the others are as before", async () => {
  const path = await threePersons();
  const gone = source("bob/1", [6, 3], raw).tracks[1]!.frames[2]!;
  const traces = [
    Buffer.from(gone.image).subarray(0, 64),
    Buffer.from(gone.landmarks.buffer),
    Buffer.from("bob"),
  ];
  for (const trace of traces) expect(bytesOf(path).includes(trace)).toBe(true);
  const before = FrameStore.open(path);
  const stays = before.clips().filter(({ person }) => person !== "bob");
  const keys = stays.map(({ firstFrame }) => firstFrame);
  const frames = keys.map((key) => before.frame(key));
  await before.close();

  expect(await removePerson(path, "bob")).toEqual({ clips: 3, frames: 13 });

  for (const trace of traces) expect(bytesOf(path).includes(trace)).toBe(false);
  const after = FrameStore.open(path);
  expect(after.clips()).toEqual(stays);
  expect(keys.map((key) => after.frame(key))).toEqual(frames);
  expect(after.manifest.counts).toMatchObject({
    clips: 6,
    tracks: 6,
    persons: 2,
    frames: 26,
    framesSampled: 32,
  });
  expect(readdirSync(path).filter((file) => file.includes("next"))).toEqual([]);
  await after.close();
});

it("keeps the person out when the store is gone on with, and gives no key twice", async () => {
  const path = await threePersons();
  await removePerson(path, "cecily");
  const writer = FrameStore.create(path, raw);
  expect([writer.isRemoved("cecily"), writer.isRemoved("ann")]).toEqual([true, false]);
  writer.append([source("dora/1", [1], raw)]);
  expect(writer.manifest).toMatchObject({ nextFrame: 40, nextClip: 10 });
  await writer.close();
});

it("says whom there is instead of an unknown person, and leaves the store alone", async () => {
  const path = await threePersons();
  const before = bytesOf(path);
  await expect(removePerson(path, "zoe")).rejects.toThrow(
    /expected the name of one of 3 people \(ann, bob, cecily\), received "zoe"/,
  );
  expect(bytesOf(path).equals(before)).toBe(true);
});

describe("while somebody adds to the store", () => {
  it("is refused, and what is added stays", async () => {
    const path = await threePersons();
    const writer = FrameStore.create(path, raw);
    await expect(removePerson(path, "bob")).rejects.toThrow(
      new RegExp(`process ${process.pid} adds to this store. Wait for it to finish`),
    );
    writer.append([source("dora/1", [2], raw)]);
    writer.finish();
    await writer.close();
    expect(await removePerson(path, "bob")).toEqual({ clips: 3, frames: 13 });
    const store = FrameStore.open(path);
    expect(store.manifest.counts).toMatchObject({ persons: 3, frames: 28 });
    await store.close();
  });

  it("in another process, is refused until that process has ended, whether or not it tidied up", async () => {
    const path = await threePersons();
    const before = bytesOf(path);
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const lock = join(path, "writer-lock");
    writeFileSync(lock, `${other.pid} ${hostname()} removes a person from\n`);
    const refusal = new RegExp(`process ${other.pid} removes a person from this store`);
    expect(() => FrameStore.create(path, raw)).toThrow(refusal);
    await expect(removePerson(path, "bob")).rejects.toThrow(refusal);
    expect(bytesOf(path).equals(before)).toBe(true);
    other.kill();
    await once(other, "exit");
    expect(await removePerson(path, "bob")).toEqual({ clips: 3, frames: 13 });
    expect(readdirSync(path)).not.toContain("writer-lock");
  });

  it("by a version that knows no locks, removes nothing", async () => {
    const path = await threePersons();
    const other = openDatabases(path, false);
    // Runs up to the last step at once.
    const removal = removePerson(path, "bob");
    const manifest = readManifest(other, path)!;
    other.root.transactionSync(() => {
      other.meta.put(MANIFEST_KEY, toJson({ ...manifest, badRows: { added: 1 } }));
    });
    await expect(removal).rejects.toThrow(
      /its content has changed since the command began. Nothing was removed/,
    );
    await other.root.close();
    const store = FrameStore.open(path);
    expect(store.manifest).toMatchObject({ badRows: { added: 1 }, counts: { persons: 3 } });
    await store.close();
  });

  it("a writer whose file was replaced says so instead of writing to the file that is gone", async () => {
    const path = await threePersons();
    const writer = FrameStore.create(path, raw);
    const file = join(path, "frames.mdb");
    copyFileSync(file, `${file}-copy`);
    renameSync(`${file}-copy`, file);
    expect(() => writer.append([source("dora/1", [1], raw)])).toThrow(
      /another process has replaced or removed it. Run the same command again/,
    );
    await writer.close();
  });
});
