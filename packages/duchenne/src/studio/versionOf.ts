import { statSync } from "node:fs";

/** Changes whenever a file is rewritten or another takes its place; empty if there is none. */
export function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.ino} ${found.mtimeMs}`;
}
