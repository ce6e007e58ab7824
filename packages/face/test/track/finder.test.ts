import { expect, test } from "vitest";
import { LandmarkModel } from "../../src/native/dlib.ts";
import { scanCoarse, scanFine } from "../../src/track/finder.ts";

const model = await LandmarkModel.load();

test.each([
  [9000, 1],
  [1, 9000],
  [1, 1],
])("a picture of %i x %i shows no face", async (width, height) => {
  const grey = { width, height, data: new Uint8Array(width * height).fill(90) };
  expect([await scanCoarse(grey), await scanFine(grey, model)]).toEqual([[], []]);
});
