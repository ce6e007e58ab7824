import { expect, test } from "vitest";
import { runChild } from "./childProcess.ts";

// In a process of its own: nothing but the training may move its memory.
test("1,000 training steps leave no tensor behind and grow resident memory by less than 2 % after the first 300", async () => {
  // JavaScript's own young generation would grow by some megabytes at a moment of its choice.
  const { status, stderr, printed } = await runChild("training.ts", { flags: ["--max-semi-space-size=2"] });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const { before, after, early, late } = printed as Record<"before" | "after" | "early" | "late", number>;
  expect(after).toBe(before);
  expect(late).toBeLessThan(1.02 * early);
});
