import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { mediaKindOfName } from "@duchenne/face";
import { DataError } from "./types.ts";

/** By the ending alone: an animation may have that of a picture, see `mediaKindOf`. */
export const isImage = (name: string): boolean => mediaKindOfName(name) === "image";

/** A folder of a walk. */
export type Folder = {
  path: string;
  /** Names of the folders from the root to here. */
  trail: string[];
  /** Names of the files, sorted. */
  files: string[];
};

/**
 * Every folder under `root`, itself first, in an order that depends on the names alone. Hidden entries are left out,
 * links are followed, and a folder reached twice is visited once.
 * @param onProblem called for folders that cannot be listed
 */
export function* walk(root: string, onProblem: (problem: DataError) => void): Generator<Folder> {
  const seen = new Set<string>();
  const stack: { path: string; trail: string[] }[] = [{ path: root, trail: [] }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path, trail } = next;
    const listing = list(path, seen);
    if (listing instanceof DataError) onProblem(listing);
    else {
      yield { path, trail, files: listing.files };
      for (const name of listing.folders.reverse())
        stack.push({ path: join(path, name), trail: [...trail, name] });
    }
  }
}

function list(path: string, seen: Set<string>): { files: string[]; folders: string[] } | DataError {
  try {
    const real = realpathSync(path);
    if (seen.has(real)) return { files: [], folders: [] };
    seen.add(real);
    const entries = readdirSync(path, { withFileTypes: true }).filter(({ name }) => !name.startsWith("."));
    const folders = entries.filter((entry) => isFolder(path, entry)).map(({ name }) => name);
    const files = entries.map(({ name }) => name).filter((name) => !folders.includes(name));
    return { files: files.sort(), folders: folders.sort() };
  } catch (cause) {
    const received = (cause as Error).message;
    return new DataError(
      { reason: "unreadable", file: path, expected: "a folder to list", received },
      { cause },
    );
  }
}

function isFolder(path: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return isDirectory(join(path, entry.name));
}

/** True if some file under `root` has a name that `matches`; looks at no more than `limit` folders. */
export function someFile(
  root: string,
  matches: (name: string, folder: Folder) => boolean,
  limit = 200,
): boolean {
  if (!isDirectory(root)) return false;
  let visited = 0;
  for (const folder of walk(root, () => {})) {
    if (folder.files.some((name) => matches(name, folder))) return true;
    if (++visited === limit) return false;
  }
  return false;
}

/** Names of the folders in a folder, sorted, without hidden ones; none if it cannot be listed. */
export function foldersIn(path: string): string[] {
  const listing = list(path, new Set());
  return listing instanceof DataError ? [] : listing.folders;
}

/** Names of the files in a folder, sorted, without hidden ones; none if it cannot be listed. */
export function filesIn(path: string): string[] {
  const listing = list(path, new Set());
  return listing instanceof DataError ? [] : listing.files;
}

/** Whether a path is a folder. */
export const isDirectory = (path: string): boolean => statOf(path)?.isDirectory() ?? false;
/** Whether a path is a file. */
export const isFile = (path: string): boolean => statOf(path)?.isFile() ?? false;
/** True for a file or folder that can be looked at. */
export const exists = (path: string): boolean => statOf(path) !== undefined;
/** 0 for what cannot be looked at. */
export const fileBytes = (path: string): number => statOf(path)?.size ?? 0;

/** Undefined for what cannot be looked at, as for what is not there. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The person a clip shows: the name of the folder `level` above it.
 * @param trail folder names from the source's root to the clip, the clip's own name last
 * @returns undefined if that folder would be the root itself, whose name says nothing
 */
export const personOf = (trail: readonly string[], level: number): string | undefined =>
  trail[trail.length - 1 - level];
