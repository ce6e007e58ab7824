import { ops, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import { METHOD_COMPONENTS } from "../../../src/ssl/config/presets.ts";
import { type FrameBatch, rowsOfShare, shapeOfShare } from "../../../src/ssl/sampling/batch.ts";
import { makeViews } from "../../../src/ssl/views/makeViews.ts";
import { allocateViews, readViews, writeViews } from "../../../src/ssl/views/sharedViews.ts";
import { viewRows } from "../../../src/ssl/views/viewRows.ts";
import { noisyBatch, settingsAt } from "./support.ts";

const stream = () => Random.fromSeed(4);

test("a share's rows are its clips of every block", () => {
  expect(rowsOfShare({ clips: 4, layout: "pairs" }, { rank: 1, worldSize: 2 })).toEqual([2, 3, 6, 7]);
  expect(rowsOfShare({ clips: 2, layout: "quadruples" }, { rank: 0, worldSize: 2 })).toEqual([0, 2, 4, 6]);
  expect(rowsOfShare({ clips: 2, layout: "pairs" }, undefined)).toEqual([0, 1, 2, 3]);
  expect(() => shapeOfShare({ clips: 5, layout: "pairs" }, { rank: 0, worldSize: 2 })).toThrow(RangeError);
});

/** A batch whose images are known for some rows only: of the others nothing may be looked at. */
function knowing(batch: FrameBatch, rows: readonly number[]): FrameBatch {
  const blank = (images: Uint8Array, count: number, kept: ReadonlySet<number>) => {
    const length = images.length / count;
    return images.map((value, i) => (kept.has(Math.floor(i / length)) ? value : 0));
  };
  const clips = new Set(rows.map((row) => row % batch.clips));
  const identity = batch.identity && {
    ...batch.identity,
    images: blank(batch.identity.images, batch.clips, clips),
  };
  const images = blank(batch.images, batch.keys.length, new Set(rows));
  return { ...batch, images, ...(identity && { identity }) };
}

describe.each([false, true])("CutMix %s", (cutMix) => {
  const settings = { ...settingsAt(32), ...METHOD_COMPONENTS["ssl-fer"], cutMix };

  test.each([2, 4])("the shares of %i processes are the whole batch's views", (worldSize) => {
    const batch = { ...noisyBatch(40), warped: Uint8Array.of(0, 1, 1, 0) };
    const whole = makeViews(batch, settings, stream(), "cpu");
    for (let rank = 0; rank < worldSize; rank++) {
      const share = { rank, worldSize };
      const { needed } = viewRows(batch, settings, share, stream());
      const views = makeViews(knowing(batch, needed), settings, stream(), "cpu", [], share);
      const rows = tensor(BigInt64Array.from(rowsOfShare(batch, share), BigInt));
      expect(views.images).toBeAllclose(ops.indexSelect(whole.images, 0, rows));
      expect(views.images.isContiguous("channelsLast")).toBe(true);
      expect(views).toMatchObject({ counts: whole.counts, share, clips: whole.clips });
      expect(views.features.toArray()).toEqual(whole.features.toArray());
      expect(views.hasFeature.toArray()).toEqual(whole.hasFeature.toArray());
      expect(views.mix?.partner.toArray()).toEqual(whole.mix?.partner.toArray());
      const shared = allocateViews(batch.keys.length, 32, batch.featureLength, rows.numel);
      writeViews(shared, views);
      expect(readViews(shared, batch, cutMix, share).images.toArray()).toEqual(views.images.toArray());
    }
  });
});
