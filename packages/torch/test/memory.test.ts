import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// In a process of its own: nothing but the training may move its memory.
test("1,000 training steps leave no tensor behind and grow resident memory by less than 2 % after the first 100", () => {
  const child = fileURLToPath(new URL("memory.child.ts", import.meta.url));
  const output = execFileSync(process.execPath, ["--import", "tsx", "--conditions=source", child], {
    encoding: "utf8",
  });
  const { before, after, early, late } = JSON.parse(output) as Record<
    "before" | "after" | "early" | "late",
    number
  >;
  expect(after).toBe(before);
  expect(late).toBeLessThan(1.02 * early);
});
