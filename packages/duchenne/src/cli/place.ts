import { accessSync, constants, existsSync, mkdirSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "./errors.ts";

/**
 * Makes sure that a file can be written where an option says, before the work that fills it is done. Leaves nothing behind.
 * @param option names it in the error, as in "--out"
 * @throws UsageError where the nearest folder there is cannot be written into, or is none
 */
export function checkPlace(option: string, file: string): void {
  const path = resolve(file);
  let folder = dirname(path);
  let missing: string | undefined;
  for (; !existsSync(folder); folder = dirname(folder)) missing = folder;
  const wanted = `${option}: expected a place that can be written, received ${file}`;
  if (!statSync(folder).isDirectory()) throw new UsageError(`${wanted} (${folder} is no folder)`);
  if (existsSync(path) && !statSync(path).isFile()) throw new UsageError(`${wanted} (it is no file)`);
  try {
    accessSync(folder, constants.W_OK);
    // A superuser may write anywhere, but not everywhere is a folder made; Node tries for ever to make some.
    if (missing !== undefined) {
      mkdirSync(missing);
      rmdirSync(missing);
    }
  } catch (cause) {
    throw new UsageError(`${wanted} (${folder} is not ours to write into)`, { cause });
  }
}

/** The same for a folder that is to be filled; what is in it already is not looked at. */
export function checkFolder(option: string, folder: string): void {
  if (folder === "") throw new UsageError(`${option}: expected a folder's name, received nothing`);
  // Whatever it will hold, if it can hold something.
  checkPlace(option, join(folder, "file"));
}

/**
 * The same for a file which must be none of those that are read.
 * @param inputs paths
 */
export function checkOutput(option: string, file: string, inputs: readonly string[]): void {
  checkPlace(option, file);
  if (inputs.some((input) => isSameFile(input, file)))
    throw new UsageError(
      `${option}: expected a file of its own, received ${file} (it is read or written already)`,
    );
}

function isSameFile(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
