import { getThreads, ops, setThreads } from "@duchenne/torch";
import { expect, onTestFinished, test } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import { METHOD_COMPONENTS } from "../../../src/ssl/config/presets.ts";
import type { FrameBatch } from "../../../src/ssl/sampling/batch.ts";
import { makeViews } from "../../../src/ssl/views/makeViews.ts";
import { noisyBatch, POINTS, settingsAt } from "./support.ts";

/** The other people's eyes, as far apart as a face's that fills its image: the distance decides how wide FaceSwap blurs. */
function withWideFaces(batch: FrameBatch): FrameBatch {
  const { landmarks } = batch.identity!;
  for (let face = 0; face < batch.clips; face++)
    for (let point = 36; point < 48; point++)
      landmarks[2 * (face * POINTS + point)] = (point < 42 ? 0.3 : 0.7) * batch.frameSize;
  return batch;
}

// At 48 px FaceSwap blurs at every pixel; at 112 px at every second one, and interpolates.
test.each([48, 112])("views of %i px are the same with 1 to 4 threads, which the caller keeps", (size) => {
  const before = getThreads();
  onTestFinished(() => setThreads(before));
  const batch = withWideFaces(noisyBatch(size + 12, { clips: 8 }));
  const settings = { ...settingsAt(size), ...METHOD_COMPONENTS["ssl-fer"], faceSwapProbability: 1 };
  const imagesWith = (threads: number) => {
    setThreads(threads);
    const { images } = makeViews(batch, settings, Random.fromSeed(1), "cpu");
    expect(getThreads()).toBe(threads);
    return images;
  };
  const one = imagesWith(1);
  for (const threads of [2, 3, 4]) expect(ops.equal(imagesWith(threads), one)).toBe(true);
});
