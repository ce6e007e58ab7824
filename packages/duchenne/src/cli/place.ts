import { accessSync, constants, existsSync, mkdirSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "./errors.ts";

/**
 * Checks that the file named by an option can be written, before the command does its work. Leaves nothing behind.
 * @param option names it in the error, as in "--out"   @param named what the user wrote
 * @throws UsageError if the nearest existing folder cannot be written, or is a file
 */
export function checkPlace(option: string, file: string, named = file): void {
  const path = resolve(file);
  let folder = dirname(path);
  let missing: string | undefined;
  for (; !existsSync(folder); folder = dirname(folder)) missing = folder;
  const refusal = (reason: string, options?: ErrorOptions) =>
    new UsageError(
      `${option}: expected a path that can be written, received ${named || "an empty name"} (${reason}). Choose another path.`,
      options,
    );
  if (!statSync(folder).isDirectory()) throw refusal(`${folder} is not a folder`);
  if (existsSync(path) && !statSync(path).isFile()) throw refusal("it is not a file");
  try {
    accessSync(folder, constants.W_OK);
    // A superuser may write anywhere, but some file systems refuse new folders, and recursive mkdir never returns there.
    if (missing !== undefined) {
      mkdirSync(missing);
      rmdirSync(missing);
    }
  } catch (cause) {
    throw refusal(`${reasonOf(cause)} ${folder}`, { cause });
  }
}

const reasonOf = (cause: unknown): string =>
  (cause as NodeJS.ErrnoException).code === "EROFS" ? "a read-only file system at" : "no permission to write";

/** The same for an output folder; its contents are not checked. */
export function checkFolder(option: string, folder: string): void {
  if (folder === "")
    throw new UsageError(`${option}: expected a folder, received an empty name. Name the folder to write.`);
  // Any file in it stands for all.
  checkPlace(option, join(folder, "file"), folder);
}

/**
 * The same for a file that must differ from every file the command reads.
 * @param inputs paths
 */
export function checkOutput(option: string, file: string, inputs: readonly string[]): void {
  checkPlace(option, file);
  if (inputs.some((input) => isSameFile(input, file)))
    throw new UsageError(
      `${option}: expected a file that the command does not read or write otherwise, received ${file}. Choose another name.`,
    );
}

function isSameFile(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
