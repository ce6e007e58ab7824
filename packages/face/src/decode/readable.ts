/** Checks before opening, so that errors name the true cause and not a decoder's guess at it. */

import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { MediaError } from "../errors.ts";

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: "nothing at this path",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOTDIR: "a file where a folder should be",
  EISDIR: "a folder",
  ELOOP: "a loop of links",
};

/** @throws MediaError if `path` is not a file with content that may be read */
export async function requireFile(path: string): Promise<void> {
  const expected = "a readable media file";
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new MediaError(path, expected, "a folder");
    // Opening a pipe waits for its other end, for ever and beyond any signal.
    if (!found.isFile()) throw new MediaError(path, expected, "a pipe or a device");
    if (found.size === 0) throw new MediaError(path, expected, "an empty file");
    await access(path, constants.R_OK);
  } catch (error) {
    throw asMediaError(path, expected, error);
  }
}

/** Names of the entries of a folder. @throws MediaError if it cannot be listed */
export async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    throw asMediaError(path, "a readable folder of frames", error);
  }
}

function asMediaError(path: string, expected: string, error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  // Bytes of a name that are not UTF-8 have become this character: the path leads nowhere.
  if (code === "ENOENT" && path.includes("\uFFFD"))
    return new MediaError(path, expected, "a name that is not in UTF-8; rename the file", { cause: error });
  const received = CAUSES[code] ?? (error instanceof Error ? error.message : String(error));
  return new MediaError(path, expected, received, { cause: error });
}
