/** Files that are either their old content or all of the new, whatever happens. */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

const TEMPORARY = /^\..*\.tmp$/;
const temporarySibling = (path: string) => join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);

/**
 * Makes a folder that appears whole or not at all, and survives a power cut once it is there. One that was there before
 * is replaced.
 * @param write fills a temporary sibling; it syncs each file it writes
 */
export function writeFolderAtomically(path: string, write: (temporary: string) => void): void {
  const temporary = temporarySibling(path);
  try {
    mkdirSync(temporary, { recursive: true });
    write(temporary);
    syncFolder(temporary);
    rmSync(path, { recursive: true, force: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Writes one file the same way. */
export function writeFileAtomically(path: string, text: string): void {
  const temporary = temporarySibling(path);
  try {
    writeFileSync(temporary, text, { flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Removes what a killed process left of the two above. */
export function removeTemporaries(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (TEMPORARY.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Makes names in a folder durable. Windows cannot open a folder, and journals renames. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
