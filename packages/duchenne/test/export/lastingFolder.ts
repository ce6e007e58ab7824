import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that lives as long as the test file's process. */
export function lastingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "duchenne-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
