import { describe, expect, it } from "vitest";
import type { StoredClip } from "../../../src/data/store/index.ts";
import { rowCount, type SampledBatch } from "../../../src/ssl/sampling/index.ts";
import { clipsOf, countValues, evenly, misfit, sameLength, samplerOf } from "./support.ts";

const CLIPS = clipsOf(sameLength(20, 34));

/** Which clip a frame is of. */
const clipAt = (clips: readonly StoredClip[], key: number): StoredClip =>
  clips.find(({ firstFrame, frameCount }) => key >= firstFrame && key < firstFrame + frameCount)!;

const anchorsClips = (batch: SampledBatch): number[] =>
  [...batch.keys.slice(0, batch.clips)].map((key) => clipAt(CLIPS, key).key);

describe("ClipSampler", () => {
  it("takes every usable clip once an epoch, each time in another order", () => {
    const sampler = samplerOf(CLIPS, { batch: 5 });
    expect(sampler.stepsPerEpoch).toBe(4);
    const epochs = [0, 1, 2].map((epoch) =>
      [0, 1, 2, 3].flatMap((step) => anchorsClips(sampler.batch(4 * epoch + step))),
    );
    for (const clips of epochs) expect([...clips].sort((a, b) => a - b)).toEqual(CLIPS.map(({ key }) => key));
    expect(new Set(epochs.map((clips) => clips.join())).size).toBe(3);
  });

  it("fills batches with distinct clips only, and lets those left over wait for another epoch", () => {
    const sampler = samplerOf(CLIPS, { batch: 8 });
    expect(sampler.stepsPerEpoch).toBe(2);
    const seen = new Set<number>();
    for (let step = 0; step < 20; step++) {
      const batch = sampler.batch(step);
      expect(batch.epoch).toBe(Math.floor(step / 2));
      expect(new Set(anchorsClips(batch)).size).toBe(8);
      for (const clip of anchorsClips(batch)) seen.add(clip);
    }
    expect(seen.size).toBe(20);
  });

  it("lays rows out in blocks: anchor, hard-negative anchor, positive, hard-negative positive of each clip", () => {
    const { keys, persons, layout, clips } = samplerOf(CLIPS).batch(3);
    expect([layout, clips, keys.length]).toEqual(["quadruples", 8, rowCount({ layout, clips })]);
    for (let i = 0; i < 8; i++) {
      const [a, n, p, np] = [0, 1, 2, 3].map((block) => keys[8 * block + i]!) as [
        number,
        number,
        number,
        number,
      ];
      const clip = clipAt(CLIPS, a);
      expect([n, p, np].map((key) => clipAt(CLIPS, key))).toEqual([clip, clip, clip]);
      expect(clip.person).toBe(`person${persons[i]}`);
      expect(Math.abs(n - a)).toBeGreaterThanOrEqual(13);
      for (const [anchor, positive] of [
        [a, p],
        [n, np],
      ] as const) {
        expect([2, 3, 4, 5, 6]).toContain(Math.abs(positive - anchor));
      }
    }
  });

  it("draws a pair twice for clips whose hard negatives are warped", () => {
    const clips = clipsOf([...sameLength(4, 34), ...sameLength(4, 9)]);
    const { keys, warped } = samplerOf(clips, { batch: 8, hardNegWarp: "short" }).batch(0);
    const frames = Array.from({ length: 8 }, (_, i) => [0, 1, 2, 3].map((block) => keys[8 * block + i]!));
    frames.forEach(([anchor, hardNegative, positive, hardNegativePositive], i) => {
      const isShort = clipAt(clips, anchor!).frameCount === 9;
      expect(warped[i]).toBe(Number(isShort));
      expect(hardNegative === anchor).toBe(isShort);
      expect(hardNegativePositive === positive).toBe(isShort);
      expect(positive).not.toBe(anchor);
    });
  });

  it("draws pairs without HardNeg", () => {
    const batch = samplerOf(CLIPS, { hardNeg: false }).batch(0);
    expect([batch.layout, batch.keys.length, batch.crowdedClips]).toEqual(["pairs", 16, 0]);
  });

  it("is a function of seed and step", () => {
    const [ahead, straight] = [samplerOf(CLIPS), samplerOf(CLIPS)];
    const third = ahead.batch(3);
    const all = [0, 1, 2, 3].map((step) => straight.batch(step));
    expect(all[3]).toEqual(third);
    expect(ahead.batch(0)).toEqual(all[0]);
    expect(samplerOf(CLIPS, {}, 2).batch(0).keys).not.toEqual(all[0]!.keys);
  });

  it("draws a clip's frames afresh each epoch", () => {
    const sampler = samplerOf(CLIPS, { batch: 20 });
    const anchors = Array.from({ length: 40 }, (_, step) => {
      const batch = sampler.batch(step);
      return batch.keys[anchorsClips(batch).indexOf(4)]!;
    });
    expect(new Set(anchors).size).toBeGreaterThan(15);
  });

  it("gives a clip the same frames in any batch size, with or without FaceSwap", () => {
    const [large, small] = [
      samplerOf(CLIPS, { batch: 20 }),
      samplerOf(CLIPS, { batch: 10, faceSwap: false }),
    ];
    const anchors = [...small.batch(0).keys.slice(0, 10), ...small.batch(1).keys.slice(0, 10)];
    expect(anchors).toEqual([...large.batch(0).keys.slice(0, 20)]);
  });

  it("counts the clips that had no room", () => {
    const sampler = samplerOf(clipsOf(sameLength(8, 14)));
    expect(sampler.batch(0).crowdedClips).toBe(8);
    expect(samplerOf(clipsOf(sameLength(8, 400))).batch(0).crowdedClips).toBeLessThan(2);
  });
});

describe("FaceSwap's identities", () => {
  const clips = [
    ...clipsOf([20, 30, 25, 14, 90, 3]),
    ...clipsOf([1, 1, 1], { person: null, kind: "still", frameRateHz: 0 }),
  ].map((clip, key) => ({ ...clip, key }));
  let firstFrame = 100;
  for (const clip of clips) {
    clip.firstFrame = firstFrame;
    firstFrame += clip.frameCount;
  }
  // A person's clips need not lie together.
  [clips[1]!.person, clips[4]!.person] = [clips[4]!.person, clips[1]!.person];
  const sampler = samplerOf(clips, { batch: 5 });
  const draws = Array.from({ length: 1200 }, (_, step) => sampler.batch(step)).flatMap((batch) =>
    [...batch.identityKeys!].map((key, i) => ({ of: clipAt(clips, batch.keys[i]!), key })),
  );

  it("are of other people, always", () => {
    for (const { of, key } of draws) expect(clipAt(clips, key).person).not.toBe(of.person);
  });

  it("are any frame of any of them, each as likely", () => {
    const keys = draws.filter(({ of }) => of.person === "person0").map(({ key }) => key);
    const others = clips.filter(({ person }) => person !== "person0");
    const frames = others.flatMap(({ firstFrame: first, frameCount }) => [
      ...evenly(first, first + frameCount),
    ]);
    expect(misfit(keys, new Map(frames))).toBeLessThan(1);
  });

  it("are of another clip where nobody is known", () => {
    const unknown = clipsOf(sameLength(8, 1), { person: null, kind: "still", frameRateHz: 0 });
    const stills = samplerOf(unknown);
    const pairs = Array.from({ length: 300 }, (_, step) => stills.batch(step)).flatMap(
      ({ keys, identityKeys }) => [...identityKeys!].map((key, i) => [keys[i]!, key] as const),
    );
    expect(pairs.every(([anchor, identity]) => anchor !== identity)).toBe(true);
    expect(countValues(pairs.map(([anchor, identity]) => 8 * anchor + identity)).size).toBe(8 * 7);
  });

  it("are not drawn without FaceSwap", () => {
    expect(samplerOf(clips, { batch: 5, faceSwap: false }).batch(0)).not.toHaveProperty("identityKeys");
  });
});
