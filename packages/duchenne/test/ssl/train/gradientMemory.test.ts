import { configure, memoryUse, scope } from "@duchenne/torch";
import { expect, test } from "vitest";
import { contrastiveBackward } from "../../../src/ssl/train/gradient.ts";
import { build, noiseViews, settings } from "../methods/fixture.ts";

configure({ allocator: "keep" }); // which counts

const MEGABYTE = 2 ** 20;
const SIDE = 48;

// The peak is the process's, and only ever rises: from small to large, in a file of its own.
test("peak memory grows with the micro-batch, not the batch", () => {
  const method = build(settings("simclr"));
  const peakOver = (clips: number, microBatch: number | null) => {
    const before = scope(() => {
      const views = noiseViews(clips, "pairs", 1, SIDE);
      const { allocatedBytes } = memoryUse();
      contrastiveBackward(method, views, microBatch);
      return allocatedBytes;
    });
    return (memoryUse().peakBytes - before) / MEGABYTE;
  };
  const small = peakOver(8, 16);
  const large = peakOver(64, 16);
  const larger = peakOver(64, 64);
  const whole = peakOver(64, null);
  expect(large).toBeLessThan(1.25 * small);
  expect(larger).toBeGreaterThan(2 * large);
  expect(whole).toBeGreaterThan(1.6 * larger);
});
