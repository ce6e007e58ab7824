import { expect, test } from "vitest";
import { cropImage, detectFaces, FaceError, LandmarkModel } from "../../src/index.ts";

const grey = { width: 100, height: 100, data: new Uint8Array(10_000) };
const rgb = { width: 10, height: 10, data: new Uint8Array(300) };

test.each([
  { left: 0, top: 0, width: 0, height: 0 },
  { left: 0, top: 0, width: 1e12, height: 10 },
  { left: Number.NaN, top: 0, width: 10, height: 10 },
  { left: 0, top: 1e300, width: 10, height: 10 },
  { left: 0, top: 0, width: -5, height: 10 },
])("a box that is empty, huge or nowhere is refused by name: %o", async (box) => {
  await expect(detectFaces(grey, { region: box })).rejects.toThrow(/^region: expected a width and a height/);
  const model = await LandmarkModel.load();
  const error = await model.place(grey, [box]).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(FaceError);
  expect((error as FaceError).subject).toBe("box");
});

test.each([0, -1, 1e9, Number.NaN, Number.POSITIVE_INFINITY])(
  "a square with a side of %d is refused",
  (side) => {
    for (const radians of [0, 0.3])
      expect(() => cropImage(rgb, { centerX: 5, centerY: 5, side, radians }, 8)).toThrow(
        /cropImage: expected a square/,
      );
  },
);
