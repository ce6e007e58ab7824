/** Wrong options and full disks end with messages and the documented codes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { duchenne } from "../data/prepare/support.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";

it.each([
  ["synth", "--actors", "0"],
  ["cast", "--intensity", "0.9..0.3"],
])("%s %s %s ends with 2", async (...args) => {
  const { code, stderr } = await duchenne([...args, "--out", join(temporaryFolder(), "q")]);
  expect(stderr).toMatch(/error: --\w+: expected .*, received /);
  expect(code).toBe(2);
});

it("synth says how to continue after Ctrl-C", async () => {
  const out = join(temporaryFolder(), "synth");
  const args = [
    "synth",
    "--actors",
    "1000",
    "--clips",
    "1",
    "--seconds",
    "1",
    "--workers",
    "1",
    "--out",
    out,
  ];
  const first = join(out, "actor0000", "clip00.mp4");
  const { code, stderr } = await duchenne(args, { file: first, delayMs: 0, signal: "SIGINT" });
  expect(stderr).toMatch(/stopped; finished actors are in .*Run the same command again to continue/);
  expect(existsSync(first)).toBe(true);
  expect(code).toBe(130);
});
