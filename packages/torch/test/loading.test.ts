import { ones } from "@duchenne/torch";
import { expect, test } from "vitest";

test("loading libtorch leaves the environment as it was", () => {
  const before = { ...process.env };
  ones([1]);
  expect({ ...process.env }).toEqual(before);
});
