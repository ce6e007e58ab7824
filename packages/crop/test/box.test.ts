import { expect, test } from "vitest";
import { boxOfLandmarks, overlapOf } from "../src/box.ts";

test("boxes lie around landmarks, and share what both cover", () => {
  const box = boxOfLandmarks([10, 20, 30, 60, 20, 40]);
  expect(box).toEqual({ left: 10, top: 20, width: 20, height: 40 });
  expect(overlapOf(box, box)).toBe(1);
  expect(overlapOf(box, { ...box, left: 20 })).toBeCloseTo(1 / 3, 12);
  expect(overlapOf(box, { ...box, left: 30 })).toBe(0);
});
