import { ops, sharedTensor } from "@duchenne/torch";
import { expect, test } from "vitest";
import { planShrinking, shrink } from "../../src/views/shrink.ts";
import { noisyBatch } from "./support.ts";

/** Sides of frames and of results: the presets', nearly the same, much less, and one that bands do not divide evenly. */
test.each([
  [128, 55],
  [128, 73],
  [64, 63],
  [96, 18],
  [31, 7],
])("as libtorch's antialiased interpolation, from %i to %i px", (from, side) => {
  const { images: pixels, clips } = noisyBatch(from, { clips: 2, layout: "pairs" });
  const n = 2 * clips;
  const frames = sharedTensor(pixels, [n, from, from, 3]);
  const floats = frames.permute(0, 3, 1, 2).contiguous().to({ dtype: "float32" });
  const result = shrink(frames, planShrinking(from, side, "cpu"));
  const expected = ops.interpolateBilinearAntialias(floats, [side, side], false);
  // Of 255: libtorch rounds the triangle's positions to float32.
  expect(ops.abs(result.sub(expected)).max().item()).toBeLessThan(2e-3);
});
