import { mkdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import {
  FrameStore,
  StoreError,
  type StoreOptions,
  StoreOptionsError,
} from "../../../src/data/store/index.ts";
import { frame, OPTIONS, picture, source, temporaryFolder } from "./synthetic.ts";

async function storeWith(
  sources: ReturnType<typeof source>[],
  options: StoreOptions = OPTIONS,
): Promise<string> {
  const path = join(temporaryFolder(), "store");
  const writer = FrameStore.create(path, options);
  writer.append(sources);
  writer.finish();
  await writer.close();
  return path;
}

describe("FrameStore", () => {
  it("gives back what was put in, in the order of the sources", async () => {
    const path = await storeWith([source("ann/1", [3, 2]), source("bob/1", [4])]);
    const store = FrameStore.open(path);
    const about = { person: "ann", split: null, kind: "video", frameRateHz: 25 / 6 };
    expect(store.clips()).toEqual([
      { ...about, key: 0, source: "ann/1", track: 0, firstFrame: 0, frameCount: 3 },
      { ...about, key: 1, source: "ann/1", track: 1, firstFrame: 3, frameCount: 2 },
      { ...about, key: 2, source: "bob/1", track: 0, person: "bob", firstFrame: 5, frameCount: 4 },
    ]);
    const expected = source("bob/1", [4]).tracks[0]!.frames[2]!;
    const { image, ...record } = store.frame(7);
    const { image: _, ...expectedRecord } = expected;
    expect(record).toEqual(expectedRecord);
    expect(image).toHaveLength(32 * 32 * 3);
    expect(store.manifest.counts).toEqual({
      clips: 2,
      tracks: 3,
      persons: 2,
      framesSampled: 11,
      frames: 9,
      skipped: { noFace: 2 },
      problems: {},
    });
    await store.close();
  });

  it("decodes many frames at once, into shared memory where asked, close to the originals", async () => {
    const path = await storeWith([source("c", [5])]);
    const store = FrameStore.open(path);
    const shared = new Uint8Array(new SharedArrayBuffer(2 * 32 * 32 * 3));
    expect(store.readFrames([4, 1], shared)).toBe(shared);
    expect(shared).toEqual(store.readFrames([4, 1]));
    const original = picture(32, "c".charCodeAt(0) + 4);
    const errors = original.map((value, i) => Math.abs(value - shared[i]!));
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeLessThan(4);
    await store.close();
  });

  it("keeps raw pixels exactly", async () => {
    const raw = { ...OPTIONS, codec: "raw" as const };
    const path = await storeWith([source("c", [5], raw)], raw);
    const store = FrameStore.open(path);
    expect(store.readFrames([2])).toEqual(picture(32, "c".charCodeAt(0) + 2));
    await store.close();
  });

  it("reads landmarks, features and labels in bulk", async () => {
    const path = await storeWith([source("c", [5])]);
    const store = FrameStore.open(path);
    const [a, b] = [frame("c".charCodeAt(0) + 3), frame("c".charCodeAt(0))];
    expect(store.readLandmarks([3, 0])).toEqual(Float32Array.from([...a.landmarks, ...b.landmarks]));
    expect(store.readFeatures([3, 0])).toEqual(Float32Array.from([...a.feature, ...b.feature]));
    expect(store.readLabels([3])).toEqual([
      { timeSeconds: a.timeSeconds, expression: "happy", valence: 0.5 },
    ]);
    await store.close();
  });

  it("names unknown frames and wrong array sizes", async () => {
    const store = FrameStore.open(await storeWith([source("c", [1])]));
    expect(() => store.readFrames([1])).toThrow(/expected the key of a frame, received 1\./);
    expect(() => store.readFrames([0], new Uint8Array(5))).toThrow(
      /expected `out` of length 3072, received 5/,
    );
    await store.close();
  });

  it("may be read from worker threads", async () => {
    const path = await storeWith([source("c", [5])]);
    const code = `
      const { workerData, parentPort } = require("node:worker_threads");
      import("tsx/esm/api").then(({ tsImport }) => tsImport(workerData.module, workerData.module))
        .then(({ FrameStore }) => {
          const store = FrameStore.open(workerData.path);
          parentPort.postMessage(store.readFrames([3, 4]));
          return store.close();
        });`;
    const module = new URL("../../../src/data/store/index.ts", import.meta.url).href;
    const workers = [0, 1].map(() => new Worker(code, { eval: true, workerData: { path, module } }));
    const answers = await Promise.all(
      workers.map((w) => new Promise((yes, no) => w.on("message", yes).on("error", no))),
    );
    await Promise.all(workers.map((worker) => worker.terminate()));
    const store = FrameStore.open(path);
    expect(answers).toEqual([store.readFrames([3, 4]), store.readFrames([3, 4])]);
    await store.close();
  });
});

describe("a store that is not whole", () => {
  it("is refused when it is absent or unfinished", async () => {
    const path = join(temporaryFolder(), "store");
    expect(() => FrameStore.open(path)).toThrow(StoreError);
    const writer = FrameStore.create(path, OPTIONS);
    writer.append([source("a", [1])]);
    expect(() => FrameStore.open(path)).toThrow(/incomplete/);
    const store = FrameStore.open(path, { allowIncomplete: true });
    expect(store.clips()).toHaveLength(1);
    writer.finish();
    await writer.close();
    await store.close();
  });

  it("is refused, not mapped, where its file is empty, of another kind, or cut off", async () => {
    const path = join(temporaryFolder(), "store");
    const file = join(path, "frames.mdb");
    mkdirSync(path);
    writeFileSync(file, "");
    expect(() => FrameStore.open(path)).toThrow(/received an empty file/);
    writeFileSync(file, Buffer.alloc(20_000, "no database "));
    expect(() => FrameStore.open(path)).toThrow(/a file that is no LMDB database/);
    expect(() => FrameStore.create(path, OPTIONS)).toThrow(/a file that is no LMDB database/);
    const whole = await storeWith([source("c", [50])]);
    const { size } = statSync(join(whole, "frames.mdb"));
    truncateSync(join(whole, "frames.mdb"), size - 1);
    expect(() => FrameStore.open(whole)).toThrow(
      `expected a file of ${size} bytes, received ${size - 1} bytes`,
    );
  });

  it("fills an empty file, as a killed creation leaves it, and is not made in the place of a file", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "frames.mdb"), "");
    await FrameStore.create(folder, OPTIONS).close();
    expect(FrameStore.open(folder, { allowIncomplete: true }).manifest.counts.frames).toBe(0);
    expect(() => FrameStore.create(join(folder, "frames.mdb"), OPTIONS)).toThrow(StoreError);
  });

  it("shows nothing of a source whose transaction failed", async () => {
    const path = join(temporaryFolder(), "store");
    const writer = FrameStore.create(path, OPTIONS);
    writer.append([source("a", [2])]);
    const before = structuredClone(writer.manifest);
    const broken = source("b", [2]);
    Object.defineProperty(broken.tracks[0]!.frames[1], "landmarks", {
      get: () => {
        throw new Error("interrupted");
      },
    });
    expect(() => writer.append([source("aa", [2]), broken])).toThrow(/interrupted/);
    expect(writer.manifest).toEqual(before);
    writer.append([source("b", [1])]);
    writer.finish();
    await writer.close();
    const store = FrameStore.open(path);
    expect(store.clips().map((clip) => [clip.source, clip.firstFrame])).toEqual([
      ["a", 0],
      ["b", 2],
    ]);
    expect([...store.sources()].map(({ id }) => id)).toEqual(["a", "b"]);
    expect(() => store.frame(3)).toThrow(/expected the key of a frame, received 3\./);
    await store.close();
  });
});

describe("going on with a store", () => {
  it("refuses a second writer's older view of it, and stays as the first one left it", async () => {
    const path = join(temporaryFolder(), "store");
    const unreadable = { ...source("a", []), problem: { reason: "unreadable", message: "a" } as const };
    const writers = [1, 2].map(() => FrameStore.create(path, OPTIONS));
    writers[0]!.append([unreadable, source("b", [3])]);
    // To the other one, "a" is new and the first frame's key is free.
    expect(() => writers[1]!.append([source("c", [2])])).toThrow(/another process is writing this store/);
    expect(() => writers[1]!.append([unreadable])).toThrow(/another process is writing this store/);
    writers[0]!.append([source("c", [2])]);
    writers[0]!.finish();
    await Promise.all(writers.map((writer) => writer.close()));
    const store = FrameStore.open(path);
    expect(store.manifest.counts).toMatchObject({ clips: 3, frames: 5 });
    expect(store.clips().map(({ firstFrame }) => firstFrame)).toEqual([0, 3]);
    await store.close();
  });

  it("is refused with other options, which it names", async () => {
    const path = await storeWith([source("a", [1])]);
    const attempt = () => FrameStore.create(path, { ...OPTIONS, size: 64 });
    expect(attempt).toThrow(StoreOptionsError);
    expect(attempt).toThrow(/expected size 32, with which the store was made, received 64/);
  });

  it("remembers what it has, and tries unreadable sources again", async () => {
    const path = join(temporaryFolder(), "store");
    const first = FrameStore.create(path, OPTIONS);
    const unreadable = { reason: "unreadable" as const, message: "empty file" };
    first.append([
      source("a", [2]),
      { ...source("b", []), framesSampled: 0, skipped: {}, problem: unreadable },
    ]);
    await first.close();
    const second = FrameStore.create(path, OPTIONS);
    expect(["a", "b", "c"].map((id) => second.has(id))).toEqual([true, false, false]);
    expect(second.manifest.counts.problems).toEqual({ unreadable: 1 });
    second.append([source("b", [3])]);
    expect(second.manifest.counts).toMatchObject({ clips: 2, tracks: 2, frames: 5, problems: {} });
    expect(() => second.append([source("a", [1])])).toThrow(/another process is writing/);
    await second.close();
  });
});

it("names of splits and people that earlier versions stored as given are read in one form", async () => {
  const path = join(temporaryFolder(), "store");
  const writer = FrameStore.create(path, OPTIONS);
  const names = [
    ["Train", "Zoe\u0308"],
    ["VALID", "Zo\u00eb"],
    ["PrivateTest", "bob"],
    ["extra", "ann"],
  ] as const;
  for (const [split, person] of names) writer.append([{ ...source(split, [1]), split, person }]);
  writer.finish();
  await writer.close();
  const store = FrameStore.open(path);
  expect(store.clips().map(({ split }) => split)).toEqual(["train", "validation", "test", "extra"]);
  expect(new Set(store.clips().map(({ person }) => person)).size).toBe(3);
  await store.close();
});
