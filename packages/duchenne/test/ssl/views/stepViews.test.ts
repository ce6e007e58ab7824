import { describe, expect, it } from "vitest";
import { viewSettings } from "../../../src/ssl/views/stepViews.ts";
import { tinyConfig } from "../train/tinyStore.ts";

describe("viewSettings", () => {
  const probabilities = { faceSwapProbability: 0.8, maskFnProbability: 0.5 };

  it("raises FaceSwap's and MaskFN's probabilities evenly over the curriculum, and holds them after it", () => {
    const config = tinyConfig({ ...probabilities, curriculumFraction: 0.4 });
    const at = (progress: number) => {
      const { faceSwapProbability, maskFnProbability } = viewSettings(config, progress);
      return [faceSwapProbability, maskFnProbability];
    };
    expect([0, 0.1, 0.3].map(at)).toEqual([
      [0, 0],
      [expect.closeTo(0.2, 12), expect.closeTo(0.125, 12)],
      [expect.closeTo(0.6, 12), expect.closeTo(0.375, 12)],
    ]);
    expect([0.4, 0.9].map(at)).toEqual([
      [0.8, 0.5],
      [0.8, 0.5],
    ]);
  });

  it("by progress, has the share of them that the strength says", () => {
    const config = tinyConfig({ ...probabilities, curriculum: "progress", curriculumFraction: 0.4 });
    const { faceSwapProbability, maskFnProbability } = viewSettings(config, 0.9, 0.25);
    expect([faceSwapProbability, maskFnProbability]).toEqual([0.2, 0.125]);
    expect(viewSettings(config, 0)).toEqual(config);
  });

  it("without a curriculum, as by default, is the run's from the first step", () => {
    const config = tinyConfig(probabilities);
    expect(config.curriculumFraction).toBe(0);
    for (const progress of [0, 0.5]) expect(viewSettings(config, progress)).toEqual(config);
  });
});
