import { describe, expect, it } from "vitest";
import { INTERVAL_WEIGHTINGS, type IntervalWeighting } from "../../../src/ssl/config/config.ts";
import { framesLasting, INTERVAL_WEIGHTS, timeAugIntervals } from "../../../src/ssl/sampling/timeAug.ts";
import { clipsOf, FRAME_RATES_HZ, misfit, sameLength, samplerOf } from "./support.ts";

const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe("timeAugIntervals", () => {
  it("is the method's D, at any frame rate", () => {
    expect(timeAugIntervals(25 / 6, 1)).toEqual([2, 3, 4, 5, 6]);
    expect(timeAugIntervals(25, 1)).toEqual(upTo(5, 29));
    expect(timeAugIntervals(30, 1)).toEqual(upTo(5, 34));
    expect(timeAugIntervals(1, 1)).toEqual([1]);
    expect(timeAugIntervals(25 / 6, 6)).toEqual(upTo(5, 29));
    expect(timeAugIntervals(0.5, 1)).toEqual([0]);
  });

  it("counts whole frames whatever a product's last bit", () => {
    expect(framesLasting(25 / 6, 3)).toBe(13);
    expect([3, 10 / 3, 0.1 * 3 * 10].map((rate) => framesLasting(rate, 3))).toEqual([9, 10, 9]);
  });
});

/** Distances of positives from anchors in clips where every interval fits on one side at least. */
function drawnIntervals(frameRateHz: number, timeAugWeighting: IntervalWeighting): number[] {
  const clips = clipsOf(sameLength(64, Math.round(12 * frameRateHz)), { frameRateHz });
  const sampler = samplerOf(clips, { timeAugWeighting, hardNeg: false, faceSwap: false, batch: 64 });
  return upTo(0, 149).flatMap((step) => {
    const { keys } = sampler.batch(step);
    return upTo(0, 63).map((i) => Math.abs(keys[64 + i]! - keys[i]!));
  });
}

/** As method.md words them. */
const EXPECTED: Record<IntervalWeighting, (rank: number, n: number) => number> = {
  uniform: () => 1,
  "linear-up": (rank) => rank,
  "linear-down": (rank, n) => n + 1 - rank,
};

describe.each(FRAME_RATES_HZ)("intervals drawn at %d Hz", (frameRateHz) => {
  const intervals = timeAugIntervals(frameRateHz, 1);
  const expected = (weighting: IntervalWeighting) =>
    new Map(intervals.map((d, i) => [d, EXPECTED[weighting](i + 1, intervals.length)]));

  it.each(INTERVAL_WEIGHTINGS)("fit %s weights, and no others", (weighting) => {
    const drawn = drawnIntervals(frameRateHz, weighting);
    for (const other of INTERVAL_WEIGHTINGS) {
      if (other === weighting) expect(misfit(drawn, expected(other)), other).toBeLessThan(1);
      else expect(misfit(drawn, expected(other)), other).toBeGreaterThan(5);
    }
  });
});

describe("INTERVAL_WEIGHTS", () => {
  it("are 1 … n, n … 1, or all one", () => {
    expect(INTERVAL_WEIGHTS["linear-up"](3)).toEqual([1, 2, 3]);
    expect(INTERVAL_WEIGHTS["linear-down"](3)).toEqual([3, 2, 1]);
    expect(INTERVAL_WEIGHTS.uniform(3)).toEqual([1, 1, 1]);
  });
});
