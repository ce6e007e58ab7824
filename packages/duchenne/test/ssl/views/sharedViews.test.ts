import { ops } from "@duchenne/torch";
import { expect, test } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import { METHOD_COMPONENTS } from "../../../src/ssl/config/presets.ts";
import { makeViews } from "../../../src/ssl/views/index.ts";
import { allocateViews, readViews, writeViews } from "../../../src/ssl/views/sharedViews.ts";
import { noisyBatch, settingsAt } from "./support.ts";

test.each([false, true])("come back from shared memory as they were made, with CutMix %s", (cutMix) => {
  const batch = noisyBatch(40, { clips: 3 });
  const settings = {
    ...settingsAt(24),
    ...METHOD_COMPONENTS["ssl-fer"],
    cutMix,
    landmarkMaskProbability: 0.8,
  };
  const made = makeViews(batch, settings, Random.fromSeed(2), "cpu");
  const shared = allocateViews(12, 24, batch.featureLength);
  writeViews(shared, made);
  const read = readViews(shared, batch, cutMix);
  expect(read.images.strides).toEqual(made.images.strides);
  for (const name of ["images", "features", "hasFeature"] as const) {
    expect(read[name].describe()).toBe(made[name].describe());
    expect(ops.equal(read[name], made[name])).toBe(true);
  }
  expect(made.counts.swapped).toBeGreaterThan(0);
  expect([read.counts, read.clips, read.layout]).toEqual([made.counts, 3, "quadruples"]);
  expect(Object.keys(read.mix ?? {})).toEqual(Object.keys(made.mix ?? {}));
  if (!cutMix) return;
  expect(ops.equal(read.mix!.partner, made.mix!.partner)).toBe(true);
  expect(ops.equal(read.mix!.kept, made.mix!.kept)).toBe(true);
});
