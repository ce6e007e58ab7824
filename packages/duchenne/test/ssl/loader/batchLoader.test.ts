import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { FrameStore, StoreError } from "../../../src/data/store/index.ts";
import { Random } from "../../../src/lib/random.ts";
import { BatchLoader, LoaderError, type LoaderOptions } from "../../../src/ssl/loader/index.ts";
import { ClipSampler, planSampling, type SamplingSettings } from "../../../src/ssl/sampling/index.ts";
import { OPTIONS, source } from "../../data/store/synthetic.ts";
import { SETTINGS } from "../sampling/support.ts";

const PEOPLE = ["ann", "bob", "cleo", "dan"];
const WORKERS = [0, 1, 2];
/** Small: `toEqual` looks at every byte. */
const SMALL = { ...OPTIONS, size: 8 };

async function makeStore(path: string): Promise<void> {
  const writer = FrameStore.create(path, SMALL);
  writer.append(PEOPLE.map((person, i) => source(`${person}/1`, [16 + i, 20], SMALL)));
  writer.finish();
  await writer.close();
}

describe("BatchLoader", () => {
  const folder = mkdtempSync(join(tmpdir(), "duchenne-loader-"));
  const path = join(folder, "store");
  let store: FrameStore;

  beforeAll(async () => {
    await makeStore(path);
    store = FrameStore.open(path);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const samplerFor = (settings: Partial<SamplingSettings> = {}): ClipSampler =>
    new ClipSampler(planSampling(store.clips(), { ...SETTINGS, batch: 4, ...settings }), Random.fromSeed(5));

  function open(options: LoaderOptions, sampler = samplerFor()): BatchLoader {
    const loader = BatchLoader.open(path, sampler, options);
    onTestFinished(() => loader.close());
    return loader;
  }

  /** What a batch has to be, by reading each frame alone. */
  function readDirectly(sampler: ClipSampler, step: number): object {
    const { keys, persons, identityKeys, ...about } = sampler.batch(step);
    const frames = (of: Uint32Array) => {
      const read = [...of].map((key) => store.frame(key));
      return {
        keys: of,
        images: Uint8Array.from(read.flatMap(({ image }) => [...image])),
        landmarks: Float32Array.from(read.flatMap(({ landmarks }) => [...landmarks])),
        features: Float32Array.from(read.flatMap(({ feature }) => [...feature])),
      };
    };
    const { features: _, ...identity } = frames(identityKeys ?? new Uint32Array(0));
    const direct = { ...about, ...frames(keys), persons, frameSize: 8, featureLength: 64 };
    return identityKeys ? { ...direct, identity } : direct;
  }

  it.each(WORKERS)(
    "gives what direct reads give, in the order of the steps, with %d workers",
    async (workers) => {
      const sampler = samplerFor();
      const loader = open({ workers, endStep: 5 }, sampler);
      for (let step = 0; step < 5; step++) {
        const batch = await loader.next();
        expect(batch).toEqual(readDirectly(sampler, step));
        expect(batch.images.buffer).toBeInstanceOf(SharedArrayBuffer);
        expect(batch.identity!.images.buffer).toBeInstanceOf(SharedArrayBuffer);
        loader.release(batch);
      }
      await expect(loader.next()).rejects.toThrow(
        "batch of step 5: expected faces that can be read, received none: the run ends before it",
      );
    },
  );

  it.each([0, 2])("goes on at any step, with %d workers", async (workers) => {
    const sampler = samplerFor();
    const loader = open({ workers, startStep: 41 }, sampler);
    expect(await loader.next()).toEqual(readDirectly(sampler, 41));
  });

  it("reads pairs without other people where the run has neither HardNeg nor FaceSwap", async () => {
    const sampler = samplerFor({ hardNeg: false, faceSwap: false });
    const batch = await open({ workers: 1 }, sampler).next();
    expect(batch).toEqual(readDirectly(sampler, 0));
    expect([batch.layout, batch.images.length]).toEqual(["pairs", 8 * 8 * 8 * 3]);
    expect(batch).not.toHaveProperty("identity");
  });

  it.each([0, 1])(
    "leaves held batches as they are, and says when none is free, with %d workers",
    async (workers) => {
      const sampler = samplerFor();
      const loader = open({ workers, ahead: 1 }, sampler);
      const [first, second] = [await loader.next(), await loader.next()];
      await expect(loader.next()).rejects.toThrow("all 2 slots are held. Release a batch first");
      expect(first).toEqual(readDirectly(sampler, 0));
      loader.release(second);
      const third = await loader.next();
      expect(third.images.buffer).toBe(second.images.buffer);
      expect(third).toEqual(readDirectly(sampler, 2));
      expect(first).toEqual(readDirectly(sampler, 0));
      loader.release(first);
      expect(() => loader.release(first)).toThrow(RangeError);
      expect(() => loader.release(first)).toThrow("received that of step 0. Release each batch once.");
    },
  );

  it("answers calls made at once in the order of the steps", async () => {
    const loader = open({ workers: 2, ahead: 3 });
    const batches = await Promise.all([loader.next(), loader.next(), loader.next()]);
    expect(batches.map(({ step }) => step)).toEqual([0, 1, 2]);
  });

  it.each([0, 1])("says how long a call waited, with %d workers", async (workers) => {
    const loader = open({ workers });
    expect(loader.waitSeconds).toBe(0);
    const start = performance.now();
    await loader.next();
    expect(loader.waitSeconds).toBeGreaterThan(0);
    expect(loader.waitSeconds).toBeLessThanOrEqual((performance.now() - start) / 1000);
  });

  it.each(WORKERS)("closes while reads are in flight, with %d workers", async (workers) => {
    const loader = BatchLoader.open(path, samplerFor(), { workers, ahead: 4 });
    const asked = loader.next();
    const outcome = expect(asked).rejects.toThrow("the loader is closed");
    await loader.close();
    await outcome;
    await expect(loader.next()).rejects.toThrow("the loader is closed");
    await loader.close();
  });

  it.each([0, 2])(
    "rejects with what went wrong where the store has other frames, with %d workers",
    async (workers) => {
      const clips = store.clips().map((clip) => ({ ...clip, firstFrame: clip.firstFrame + 10_000 }));
      const plan = planSampling(clips, { ...SETTINGS, batch: 4 });
      const loader = open({ workers, startStep: 3 }, new ClipSampler(plan, Random.fromSeed(1)));
      const failure = await loader.next().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(LoaderError);
      expect(failure).toMatchObject({ path, step: 3 });
      expect((failure as Error).message).toMatch(/batch of step 3: .*the key of a frame, received 10\d\d\d/);
      await expect(loader.next()).rejects.toBe(failure);
    },
  );

  it("rejects where the store is gone before a worker has opened it", async () => {
    const gone = join(folder, "gone");
    await makeStore(gone);
    const loader = BatchLoader.open(gone, samplerFor(), { workers: 2 });
    rmSync(gone, { recursive: true });
    await expect(loader.next()).rejects.toThrow("batch of step 0: ");
    await expect(loader.next()).rejects.toThrow("expected a frame store");
    await loader.close();
  });

  it("refuses a folder that is no store", () => {
    expect(() => BatchLoader.open(join(folder, "nothing"), samplerFor(), { workers: 1 })).toThrow(StoreError);
  });
});
