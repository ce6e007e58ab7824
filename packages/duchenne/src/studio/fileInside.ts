import { realpathSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";

/** Whether a path is a folder's own or lies in it; both without links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`));
}

/**
 * The real path of a file in a folder.
 * @param folder absolute, without links   @param name relative, with "/" between folders, decoded
 * @returns undefined if there is no such file, or it lies elsewhere by ".." or by a link
 */
export function fileInside(folder: string, name: string): string | undefined {
  if (name.includes("\0") || name.includes("\\")) return undefined;
  const path = resolve(folder, name);
  if (!isInside(folder, path)) return undefined;
  try {
    const real = realpathSync(path);
    return isInside(folder, real) && statSync(real).isFile() ? real : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const MISSING: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP", "EACCES"]);

/** Whether an error of the file system says that something is not there, or not ours to see. */
export const isMissing = (error: unknown): boolean =>
  MISSING.has((error as NodeJS.ErrnoException).code ?? "");
