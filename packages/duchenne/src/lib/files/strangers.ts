import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * What would be lost if a folder were replaced.
 * @param folder need not be there   @param ours paths of files in it that may go, with "/" between folders
 * @returns the first other name in it, or the path's own where a file is there; undefined if nothing would be lost
 */
export function strangerIn(folder: string, ours: readonly string[]): string | undefined {
  const names = namesIn(folder);
  if (names === undefined) return basename(folder);
  for (const name of names) {
    if (ours.includes(name)) continue;
    const within = ours.flatMap((path) => (path.startsWith(`${name}/`) ? [path.slice(name.length + 1)] : []));
    if (within.length === 0) return name;
    const stranger = strangerIn(join(folder, name), within);
    if (stranger !== undefined) return join(name, stranger);
  }
  return undefined;
}

/** @returns undefined of a file */
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
