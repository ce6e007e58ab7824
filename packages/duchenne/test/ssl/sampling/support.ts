import { expect } from "vitest";
import type { StoredClip } from "../../../src/data/store/index.ts";
import { Random } from "../../../src/lib/random.ts";
import { ClipSampler, planSampling, type SamplingSettings } from "../../../src/ssl/sampling/index.ts";

/** The paper's settings, for a batch of eight. */
export const SETTINGS: SamplingSettings = {
  timeAug: true,
  timeAugSeconds: 1,
  timeAugWeighting: "linear-down",
  hardNeg: true,
  hardNegSeconds: 3,
  hardNegWarp: "off",
  faceSwap: true,
  batch: 8,
  splits: "train",
};

/** The frame rates of the method's figures: of VoxCeleb1's frames, of PAL and of web video. */
export const FRAME_RATES_HZ = [25 / 6, 25, 30];

/** Clips of the given lengths whose frames follow each other, two clips a person. */
export function clipsOf(frameCounts: readonly number[], about: Partial<StoredClip> = {}): StoredClip[] {
  let firstFrame = 0;
  return frameCounts.map((frameCount, i) => {
    const clip: StoredClip = {
      key: i,
      source: `film${i}.mp4`,
      track: 0,
      person: `person${Math.floor(i / 2)}`,
      split: null,
      kind: "video",
      frameRateHz: 25 / 6,
      firstFrame,
      frameCount,
      ...about,
    };
    firstFrame += frameCount;
    return clip;
  });
}

export const sameLength = (count: number, frameCount: number): number[] =>
  new Array<number>(count).fill(frameCount);

export const samplerOf = (
  clips: readonly StoredClip[],
  settings: Partial<SamplingSettings> = {},
  seed = 1,
): ClipSampler => new ClipSampler(planSampling(clips, { ...SETTINGS, ...settings }), Random.fromSeed(seed));

/** How often each value occurs. */
export function countValues(values: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Pearson's statistic over that of its 99.9 % quantile (Wilson and Hilferty 1931): above 1, the weights are refuted. */
export function misfit(values: readonly number[], weightOf: ReadonlyMap<number, number>): number {
  const counts = countValues(values);
  for (const value of counts.keys()) expect(weightOf.has(value), `${value} can be drawn`).toBe(true);
  const total = [...weightOf.values()].reduce((sum, weight) => sum + weight);
  let statistic = 0;
  for (const [value, weight] of weightOf) {
    const expected = (values.length * weight) / total;
    expect(expected, "expected count, for the approximation to hold").toBeGreaterThan(5);
    statistic += ((counts.get(value) ?? 0) - expected) ** 2 / expected;
  }
  const freedom = weightOf.size - 1;
  const spread = 2 / (9 * freedom);
  return statistic / (freedom * (1 - spread + 3.0902 * Math.sqrt(spread)) ** 3);
}

/** Every value from `start` up to, not including, `end`, each as likely. */
export const evenly = (start: number, end: number): Map<number, number> =>
  new Map(Array.from({ length: end - start }, (_, i) => [start + i, 1]));
