import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { UsageError } from "../../src/cli/errors.ts";
import { checkFolder, checkPlace } from "../../src/cli/place.ts";
import { duchenne } from "../data/prepare/support.ts";

const folder = mkdtempSync(join(tmpdir(), "duchenne-test-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "file");
writeFileSync(file, "");
mkdirSync(join(folder, "folder"));

it("lets files be written where they are, or could be", () => {
  for (const place of [file, join(folder, "new"), join(folder, "a/b/c")])
    expect(() => checkPlace("--out", place)).not.toThrow();
});

it.each([
  [join(file, "x"), `${file} is not a folder`],
  [join(file, "x/y"), `${file} is not a folder`],
  [join(folder, "folder"), "it is not a file"],
])("refuses %s", (place, reason) => {
  expect(() => checkPlace("--out", place)).toThrow(UsageError);
  expect(() => checkPlace("--out", place)).toThrow(
    `--out: expected a path that can be written, received ${place} (${reason})`,
  );
});

it("refuses a folder that nobody can make, and leaves none that it can", () => {
  if (process.platform === "linux")
    expect(() => checkFolder("--out", "/proc/none")).toThrow(
      /--out: expected a path that can be written, received \/proc\/none \(/,
    );
  checkFolder("--out", join(folder, "later/still"));
  expect(existsSync(join(folder, "later"))).toBe(false);
});

it("refuses a folder without a name, which would be the one we are in", () => {
  expect(() => checkFolder("--out", "")).toThrow("--out: expected a folder, received an empty name");
});

it.each([
  [["probe", "untrained", "--data", "none.store", "--out", join(file, "x.json")], "--out"],
  [["report", folder, "--out", join(file, "x.html")], "--out"],
  [["weights", "resnet18", "--cache", file], "--cache"],
  [["probe", "untrained", "--data", "none.store", "--save", join(file, "x")], "--save"],
  [["export", "none.probe", "--out", join(file, "x")], "--out"],
  [["embed", "none.mp4", "--model", "none", "--out", join(file, "x")], "--out"],
  [["reproduce", "--plan", "tiny", "--out", join(file, "x")], "--out"],
  [["demo", "--out", join(file, "x")], "--out"],
  [["store", "merge", "none.store", "--out", join(file, "x")], "--out"],
  [["views", "none.store", "--out", join(file, "x.png")], "--out"],
])("is asked first: %j", async (words, option) => {
  const { code, stderr } = await duchenne(words);
  expect(stderr).toContain(`error: ${option}: expected a path that can be written, received ${file}`);
  expect(code).toBe(2);
});
