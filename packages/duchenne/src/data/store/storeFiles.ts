import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/** Puts a finished store file in the place of another one, or of none. A crash leaves either, whole. */
export function swapStoreFiles(next: string, current: string): void {
  sync(next);
  renameSync(next, current);
  sync(dirname(current));
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes a store file and LMDB's lock beside it, where they are. */
export function removeStoreFile(file: string): void {
  for (const name of [file, `${file}-lock`]) if (existsSync(name)) rmSync(name);
}
