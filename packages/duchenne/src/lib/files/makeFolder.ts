import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { WriteError } from "./errors.ts";

/**
 * Makes a folder and those above it, unless they are there. Node's recursive `mkdirSync` never returns on a file system that answers
 * "no such file" to a new folder, as /proc does: this one fails.
 * @throws WriteError if it cannot be made, or is a file
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  try {
    for (let folder = resolve(path); !isFolder(folder); folder = dirname(folder)) missing.push(folder);
    for (const folder of missing.reverse()) makeOne(folder);
  } catch (error) {
    throw new WriteError(path, error as Error, "folder");
  }
}

/** @returns false if nothing is there, or a file, which `mkdirSync` then names */
function isFolder(path: string): boolean {
  if (dirname(path) === path) return true;
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Another process may make the same folder at the same time. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !isFolder(folder)) throw error;
  }
}
