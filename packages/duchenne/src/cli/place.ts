import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "./errors.ts";

/**
 * Makes sure that a file can be written where an option says, before the work that fills it is done. Makes nothing.
 * @param option names it in the error, as in "--out"
 * @throws UsageError where the nearest folder there is cannot be written into, or is none
 */
export function checkPlace(option: string, file: string): void {
  let folder = dirname(resolve(file));
  while (!existsSync(folder)) folder = dirname(folder);
  const wanted = `${option}: expected a place that can be written, received ${file}`;
  if (!statSync(folder).isDirectory()) throw new UsageError(`${wanted} (${folder} is no folder)`);
  if (existsSync(file) && !statSync(file).isFile()) throw new UsageError(`${wanted} (it is no file)`);
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new UsageError(`${wanted} (${folder} is not ours to write into)`, { cause });
  }
}
