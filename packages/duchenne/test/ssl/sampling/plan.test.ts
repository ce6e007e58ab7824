import { describe, expect, it } from "vitest";
import { planSampling, SamplingError } from "../../../src/ssl/sampling/index.ts";
import { clipsOf, SETTINGS, sameLength } from "./support.ts";

const STILL = { kind: "still", frameRateHz: 0 } as const;

function failureOf(plan: () => unknown): SamplingError {
  try {
    plan();
  } catch (error) {
    if (error instanceof SamplingError) return error;
    throw error;
  }
  throw new Error("expected a SamplingError");
}

describe("planSampling", () => {
  it("uses every clip that has a hard negative, and needs no notice then", () => {
    const plan = planSampling(clipsOf(sameLength(9, 14)), SETTINGS);
    expect(plan.usable.map(({ clip }) => clip.key)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...plan.persons]).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4]);
    expect(plan.settings).toEqual(SETTINGS);
    expect([plan.leftOut, plan.notices]).toEqual([{}, []]);
  });

  it("counts what gives no sample by reason, and says so", () => {
    const clips = [
      ...clipsOf([13, 14, 2, 1, 40]),
      ...clipsOf([1, 1], STILL),
      ...clipsOf([100], { frameRateHz: 0.5 }),
    ];
    const plan = planSampling(clips, { ...SETTINGS, batch: 2 });
    expect(plan.usable.map(({ clip }) => clip.frameCount)).toEqual([14, 40]);
    const leftOut = { tooShortForHardNeg: 1, tooShortForTimeAug: 2, still: 2, frameRateTooLow: 1 };
    expect(plan.leftOut).toEqual(leftOut);
    expect(plan.notices).toEqual([
      "6 of 8 clips give no sample: 1 too short for a hard negative, 2 too short for a positive, 2 stills, " +
        "1 with frames further apart than `timeAugSeconds`",
    ]);
  });

  it("gives stills and short clips warped hard negatives where asked to, or all clips", () => {
    const clips = [...clipsOf([13, 14, 3]), ...clipsOf([1], STILL)];
    const warpedOf = (settings: Partial<typeof SETTINGS>) =>
      planSampling(clips, { ...SETTINGS, batch: 2, ...settings }).usable.map(({ clip, warped }) => [
        clip.frameCount,
        warped,
      ]);
    expect(warpedOf({ hardNegWarp: "short" })).toEqual([
      [13, true],
      [14, false],
      [3, true],
    ]);
    expect(warpedOf({ hardNegWarp: "short", timeAug: false })).toContainEqual([1, true]);
    expect(warpedOf({ hardNegWarp: "all" })).toEqual([
      [13, true],
      [14, true],
      [3, true],
    ]);
    expect(warpedOf({ hardNegWarp: "all", hardNeg: false })).toContainEqual([14, false]);
  });

  it("keeps HardNeg on a store of stills where hard negatives are warped", () => {
    const plan = planSampling(clipsOf([1, 1, 1], STILL), { ...SETTINGS, batch: 2, hardNegWarp: "short" });
    expect(plan.settings).toMatchObject({ timeAug: false, hardNeg: true });
    expect(plan.notices).toEqual(["TimeAug is off: the store holds stills only"]);
    expect(plan.usable.map(({ warped }) => warped)).toEqual([true, true, true]);
  });

  it("takes shorter clips where the run has no hard negatives, and single frames where it has no TimeAug", () => {
    const clips = [...clipsOf([13, 14, 3, 2, 1]), ...clipsOf([1], STILL)];
    const lengths = (settings: Partial<typeof SETTINGS>) =>
      planSampling(clips, { ...SETTINGS, batch: 2, ...settings }).usable.map(({ clip }) => clip.frameCount);
    expect(lengths({ hardNeg: false })).toEqual([13, 14, 3]);
    expect(lengths({ hardNeg: false, timeAug: false })).toEqual([13, 14, 3, 2, 1, 1]);
    expect(() => lengths({ timeAug: false })).toThrow(SamplingError);
  });

  it("judges each clip by its own frame rate", () => {
    const clips = [25 / 6, 25, 30].flatMap((frameRateHz) =>
      clipsOf([13, 14, 75, 76, 90, 91], { frameRateHz }),
    );
    const { usable } = planSampling(clips, { ...SETTINGS, batch: 2 });
    const shortest = new Map<number, number>();
    for (const { clip } of usable.toReversed()) shortest.set(clip.frameRateHz, clip.frameCount);
    expect([...shortest].sort(([a], [b]) => a - b)).toEqual([
      [25 / 6, 14],
      [25, 76],
      [30, 91],
    ]);
  });

  it("turns TimeAug and HardNeg off on a store of stills, and says so", () => {
    const plan = planSampling(clipsOf(sameLength(8, 1), { ...STILL, person: null }), SETTINGS);
    expect(plan.settings).toEqual({ ...SETTINGS, timeAug: false, hardNeg: false });
    expect(plan.usable).toHaveLength(8);
    expect([...plan.persons]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(plan.notices).toEqual(["TimeAug and HardNeg are off: the store holds stills only"]);
  });

  it("turns FaceSwap off where there is nobody else, and says so", () => {
    const plan = planSampling(clipsOf(sameLength(8, 20), { person: "ann" }), SETTINGS);
    expect(plan.settings).toEqual({ ...SETTINGS, faceSwap: false });
    expect(plan.notices).toEqual(["FaceSwap is off: the store shows one person only"]);
  });

  describe("where the store tells splits", () => {
    const people = ["ann", "bob", "cas", "dee"];
    const clips = [
      ...clipsOf(sameLength(3, 20), { split: "train", person: "ann" }),
      ...clipsOf(sameLength(1, 20), { split: null, person: "bob" }),
      ...clipsOf(sameLength(2, 20), { split: "validation", person: "cas" }),
      ...clipsOf(sameLength(1, 20), { split: "test", person: "dee" }),
    ];
    const plan = (settings: Partial<typeof SETTINGS>) => planSampling(clips, { ...SETTINGS, ...settings });
    const seen = (of: readonly { person: string | null }[]) => [...new Set(of.map(({ person }) => person))];

    it("learns from train and from clips without one, swaps no other faces in either, and says so", () => {
      const { usable, clips: faces, leftOut, notices } = plan({ batch: 4 });
      expect(seen(usable.map(({ clip }) => clip))).toEqual(people.slice(0, 2));
      expect(seen(faces)).toEqual(people.slice(0, 2));
      expect(leftOut).toEqual({ otherSplit: 3 });
      expect(notices).toEqual(["3 of 7 clips give no sample: 3 of another split than train"]);
    });

    it("learns from every clip if asked to, and needs no notice then", () => {
      const { usable, clips: faces, notices } = plan({ batch: 7, splits: "all" });
      expect([seen(usable.map(({ clip }) => clip)), seen(faces), notices]).toEqual([people, people, []]);
    });

    it("names the way to the others where train alone does not fill a batch", () => {
      const error = failureOf(() => plan({ batch: 5 }));
      expect(error).toMatchObject({ usable: 4, clips: 7, leftOut: { otherSplit: 3 } });
      expect(error.message).toMatch(
        /received 4 of 7 \(left out: 3 of another split than train\)\. .*use `splits: "all"`/,
      );
    });
  });

  it("refuses a store that cannot fill a batch, with figures and remedies", () => {
    const error = failureOf(() => planSampling(clipsOf([...sameLength(5, 20), 13, 13, 13]), SETTINGS));
    expect(error).toMatchObject({ batch: 8, usable: 5, clips: 8, leftOut: { tooShortForHardNeg: 3 } });
    expect(error.message).toBe(
      "batch: expected at least 8 usable clips, one for each of a batch, received 5 of 8 (left out: 3 too short for a hard " +
        "negative). Use `batch: 5` or smaller, or use `hardNeg: false`, or prepare more clips, or longer ones.",
    );
    const few = failureOf(() => planSampling(clipsOf(sameLength(3, 20)), SETTINGS));
    expect(few.message).toMatch(/received 3 of 3\. Use `batch: 3` or smaller, or prepare more/);
    const one = failureOf(() => planSampling(clipsOf([20]), SETTINGS));
    expect(one.message).not.toContain("`batch:");
    expect(failureOf(() => planSampling([], SETTINGS)).message).toContain("received 0 of 0");
  });
});
