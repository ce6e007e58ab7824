import { join } from "node:path";
import { getThreads, ops } from "@duchenne/torch";
import { expect, onTestFinished, test } from "vitest";
import { BatchLoader } from "../../../src/ssl/loader/index.ts";
import { openStoreData } from "../../../src/ssl/train/storeData.ts";
import { stepViews } from "../../../src/ssl/views/stepViews.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { tinyConfig, writeTinyStore } from "../train/tinyStore.ts";

async function open(workers: number, endStep = 4) {
  const path = await writeTinyStore(join(temporaryFolder(), "store"));
  const config = tinyConfig({
    curriculumFraction: 1,
    faceSwapProbability: 1,
    landmarkMaskProbability: 0.8,
    cutMix: true,
  });
  const { sampler } = await openStoreData(path, config);
  const viewPlan = { settings: config, seed: config.seed, totalSteps: 4 };
  const loader = BatchLoader.open(path, sampler, { workers, viewPlan, startStep: 1, endStep });
  onTestFinished(() => loader.close());
  return { loader, viewPlan };
}

test("threads make each step's views as the caller would, bit for bit", async () => {
  const threads = getThreads();
  const { loader, viewPlan } = await open(2);
  for (let step = 1; step < 4; step++) {
    const batch = await loader.next();
    const [theirs, ours] = [loader.views(batch)!, stepViews(batch, viewPlan, "cpu")];
    expect(batch.step).toBe(step);
    expect(ops.equal(theirs.images, ours.images)).toBe(true);
    expect(ops.equal(theirs.features, ours.features)).toBe(true);
    expect(ops.equal(theirs.mix!.partner, ours.mix!.partner)).toBe(true);
    expect(ops.equal(theirs.mix!.kept, ours.mix!.kept)).toBe(true);
    expect(theirs.counts).toEqual(ours.counts);
    loader.release(batch);
  }
  expect(getThreads()).toBe(threads);
});

test("batches begin together, but one that is waited for begins alone", async () => {
  const { loader } = await open(2, 10);
  loader.release(await loader.next());
  const held = [await loader.next(), await loader.next(), await loader.next()];
  expect(held.map(({ step }) => step)).toEqual([2, 3, 4]);
  await expect(loader.next()).rejects.toThrow("all 3 slots are held");
  for (const batch of held) loader.release(batch);
  for (let step = 5; step < 10; step++) {
    const batch = await loader.next();
    expect(batch.step).toBe(step);
    loader.release(batch);
  }
  await expect(loader.next()).rejects.toThrow("the run ends before it");
});

test("on the calling thread they are left to the caller", async () => {
  const { loader } = await open(0);
  expect(loader.views(await loader.next())).toBeUndefined();
});
