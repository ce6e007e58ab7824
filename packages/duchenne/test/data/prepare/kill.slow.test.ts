import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { type Manifest, StoreError } from "../../../src/data/store/index.ts";
import { temporaryFolder } from "../store/synthetic.ts";
import { drawFrameTree } from "./drawnFace.ts";
import { duchenne, dump } from "./support.ts";

/** Uniform in [0, 1), from a seed, so that a failure can be run again. */
function uniformStream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

it("killed at ten random moments and continued, gives the same manifest and bytes as one undisturbed run", async () => {
  const folder = temporaryFolder();
  const source = join(folder, "frames");
  drawFrameTree(source, 6, 3, 3);
  mkdirSync(join(source, "nobody", "clip"), { recursive: true });
  writeFileSync(join(source, "nobody", "clip", "0.jpg"), "not a picture");
  const whole = join(folder, "whole");
  await prepare(source, whole, { workers: 0 });

  const uniform = uniformStream(20221121);
  const expected = await dump(whole);
  const stores: string[] = [];
  let manifest: Manifest | undefined;
  const unfinished = new Set<number>();
  // On a busy machine kills may fall after the work: then another store is begun.
  for (let i = 0; i < 10 || unfinished.size < 3; i++) {
    if (stores.length === 0 || manifest?.complete) stores.push(join(folder, `killed${stores.length}`));
    const store = stores.at(-1)!;
    const kill = { file: join(store, "frames.mdb"), delayMs: 150 * uniform() };
    await duchenne(["prepare", source, "--out", store, "--workers", String(i % 3)], kill);
    manifest = await manifestOf(store);
    if (manifest && !manifest.complete) unfinished.add(manifest.counts.frames);
  }

  for (const store of stores) {
    await prepare(source, store, { workers: 0 });
    expect(await dump(store)).toEqual(expected);
  }
  expect(expected.manifest.counts).toMatchObject({ clips: 19, tracks: 18, problems: { unreadable: 1 } });
});

/** Undefined for a store that was killed before it had one. */
async function manifestOf(path: string): Promise<Manifest | undefined> {
  try {
    return (await dump(path)).manifest;
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

it("on a full disk says so, keeps what is whole, and goes on when there is room", async () => {
  const folder = temporaryFolder();
  const source = join(folder, "frames");
  drawFrameTree(source, 3, 1, 4);
  const [full, whole] = [join(folder, "full"), join(folder, "whole")];
  const args = ["prepare", source, "--workers", "0", "--codec", "raw", "--out"];
  // A limit on the size of files fails a write just as a full disk does, and needs no disk of its own. Unit: KB.
  const refused = await duchenne([...args, full], undefined, "ulimit -f 450;");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(
    /error: .*full: expected a disk with free space, .* the disk is full, or fails.*run the same command again/,
  );
  expect(refused.stderr).not.toMatch(/\n\s+at /);
  const { manifest } = await dump(full);
  expect(manifest.counts.frames % 4).toBe(0);
  expect(manifest.complete).toBe(false);
  await prepare(source, full, { workers: 0, codec: "raw" });
  await prepare(source, whole, { workers: 0, codec: "raw" });
  expect(await dump(full)).toEqual(await dump(whole));
  expect(readFileSync(join(full, "frames.mdb")).length).toBeGreaterThan(450 * 1024);
});
