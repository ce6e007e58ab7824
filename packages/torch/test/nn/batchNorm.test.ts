import { nn, ones, ShapeError } from "@duchenne/torch";
import { expect, test } from "vitest";

test.each([
  [new nn.BatchNorm1d(3), [1, 3]],
  [new nn.BatchNorm1d(3), [1, 3, 1]],
  [new nn.BatchNorm2d(3), [1, 3, 1, 1]],
])("one value per channel has no variance to train on: %#", (norm, shape) => {
  expect(() => norm.call(ones(shape))).toThrow(ShapeError);
  expect(norm.runningVar.toArray()).toEqual([1, 1, 1]);
  expect(norm.numBatchesTracked.item()).toBe(0);
  expect(norm.eval().call(ones(shape)).shape).toEqual(shape);
});
