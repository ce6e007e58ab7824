import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { parseShard } from "../../../src/data/prepare/shard.ts";
import { FrameStore, mergeStores, removePerson } from "../../../src/data/store/index.ts";
import { temporaryFolder } from "../store/synthetic.ts";
import { drawFrameTree } from "./drawnFace.ts";
import { dump } from "./support.ts";

const made = mkdtempSync(join(tmpdir(), "duchenne-shards-"));
const source = join(made, "frames");
const whole = join(made, "whole");
const shards = [1, 2, 3].map((index) => join(made, `part${index}`));

beforeAll(async () => {
  drawFrameTree(source, 4, 2, 3);
  const bad = join(source, readdirSync(source)[0]!, "zz");
  mkdirSync(bad);
  writeFileSync(join(bad, "0.png"), "no image");
  await prepare(source, whole, { workers: 0 });
  for (const [i, path] of shards.entries())
    await prepare(source, path, { workers: 0, shard: { index: i + 1, count: 3 } });
});

afterAll(() => rmSync(made, { recursive: true }));

async function digestOf(path: string): Promise<string> {
  const store = FrameStore.open(path);
  try {
    return store.digest();
  } finally {
    await store.close();
  }
}

describe("shards", () => {
  test("merged, in any order, are the store made in one go, byte for byte", async () => {
    const out = join(temporaryFolder(), "merged");
    const counts = await mergeStores(shards.toReversed(), out);
    expect(await dump(out)).toEqual(await dump(whole));
    expect(await digestOf(out)).toBe(await digestOf(whole));
    expect(counts).toMatchObject({ persons: 4, tracks: 8, frames: 24, problems: { unreadable: 1 } });
  });

  test("hold contiguous parts of about the same size", async () => {
    const sizes = [];
    for (const path of shards) {
      const store = FrameStore.open(path);
      sizes.push(store.clips().length);
      await store.close();
    }
    expect(sizes.reduce((a, b) => a + b)).toBe(8);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(2);
  });

  test("one is missing, repeated, incomplete, no shard, of other options; nothing is written", async () => {
    const out = join(temporaryFolder(), "out");
    const [a, b, c] = shards as [string, string, string];
    await expect(mergeStores([a, c], out)).rejects.toThrow(/expected all 3 shards, received 2: 2\/3 missing/);
    await expect(mergeStores([a, b, b, c], out)).rejects.toThrow(/received shard 2\/3 again/);
    await expect(mergeStores([a, whole, c], out)).rejects.toThrow(
      /expected a shard, received the store of a whole/,
    );
    await expect(mergeStores([], out)).rejects.toThrow(/expected the folders of all shards/);
    const half = join(temporaryFolder(), "half");
    const stop = new AbortController();
    const stopped = prepare(
      source,
      half,
      { workers: 0, shard: { index: 2, count: 3 } },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    stop.abort();
    await expect(stopped).rejects.toThrow();
    await expect(mergeStores([a, half, c], out)).rejects.toThrow(/incomplete shard 2\/3. Run its/);
    const small = join(temporaryFolder(), "small");
    await prepare(source, small, { workers: 0, size: 64, shard: { index: 2, count: 3 } });
    await expect(mergeStores([a, small, c], out)).rejects.toThrow(
      /expected size 128, .*, received 64|expected size \d+, as/,
    );
    const halves = join(temporaryFolder(), "halves");
    await prepare(source, halves, { workers: 0, shard: { index: 2, count: 2 } });
    await expect(mergeStores([a, halves, c], out)).rejects.toThrow(
      /expected number of shards 3, as .* has, received 2/,
    );
    await expect(mergeStores(shards, whole)).rejects.toThrow(/expected a folder without a store/);
    await expect(digestOf(out)).rejects.toThrow(/expected a frame store/);
  });

  test("continue as what they are, and refuse to become another part", async () => {
    await prepare(source, shards[0]!, { workers: 0, shard: { index: 1, count: 3 } });
    await expect(prepare(source, shards[0]!, { workers: 0 })).rejects.toThrow(
      /expected shard 1\/3, .* received none/,
    );
    await expect(prepare(source, whole, { workers: 0, shard: { index: 1, count: 3 } })).rejects.toThrow(
      /expected shard none, .* received 1\/3/,
    );
  });

  test("a person removed from a shard stays removed after the merge", async () => {
    const own = [1, 2].map((index) => join(temporaryFolder(), `own${index}`));
    for (const [i, path] of own.entries())
      await prepare(source, path, { workers: 0, shard: { index: i + 1, count: 2 } });
    const first = FrameStore.open(own[0]!);
    const person = first.clips()[0]!.person!;
    await first.close();
    await removePerson(own[0]!, person);
    const out = join(temporaryFolder(), "out");
    await mergeStores(own, out);
    const store = FrameStore.open(out);
    expect(store.manifest.removedPersons).toHaveLength(1);
    const clips = store.clips();
    expect(new Set(clips.map(({ key }) => key)).size).toBe(clips.length);
    for (const { firstFrame, frameCount } of clips)
      expect(store.readFrames([firstFrame, firstFrame + frameCount - 1])).toHaveLength(
        2 * 3 * store.manifest.options.size ** 2,
      );
    await store.close();
  });
});

test.each(["0/2", "3/2", "1", "a/b", "1/0", "1.5/2"])("--shard %s is no part", (text) => {
  expect(() => parseShard(text)).toThrow(/^shard: expected i\/n with i from 1 to n/);
});
