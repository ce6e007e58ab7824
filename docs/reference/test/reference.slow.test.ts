import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));

test("every public name has a comment, and every link leads somewhere", () => {
  const check = spawnSync("npm", ["run", "--silent", "check:docs"], { cwd: REPOSITORY, encoding: "utf8" });
  expect(check.status === 0 ? "" : check.stdout + check.stderr).toBe("");
});
