import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * Finds a file that would be lost if a folder were replaced.
 * @param folder may be missing
 * @param ours paths of files in the folder that may be replaced, with "/" between folders
 * @returns the first other name in the folder; the folder's own name if it is a file; undefined if nothing would be lost
 */
export function findForeignFile(folder: string, ours: readonly string[]): string | undefined {
  const names = namesIn(folder);
  if (names === undefined) return basename(folder);
  for (const name of names) {
    if (ours.includes(name)) continue;
    const within = ours.flatMap((path) => (path.startsWith(`${name}/`) ? [path.slice(name.length + 1)] : []));
    if (within.length === 0) return name;
    const foreign = findForeignFile(join(folder, name), within);
    if (foreign !== undefined) return join(name, foreign);
  }
  return undefined;
}

/** @returns undefined if the path is a file */
function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR") return undefined;
    throw error;
  }
}
