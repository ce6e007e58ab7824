/** Which FFmpeg reads: node-av in the process if it is installed, else the system's program. */

import { isProgramAsked } from "./program.ts";
import { surviveTermination } from "./termination.ts";

/** One thing to do, by either of the two. */
export interface Ways<T> {
  readonly inProcess: () => Promise<T>;
  readonly byProgram: () => Promise<T>;
}

/** The program, if the user names one in DUCHENNE_FFMPEG; otherwise node-av, or the program where node-av is not installed. */
export async function byFfmpeg<T>({ inProcess, byProgram }: Ways<T>): Promise<T> {
  if (isProgramAsked()) return await byProgram();
  surviveTermination();
  try {
    return await inProcess();
  } catch (error) {
    if (isAbsent(error)) return await byProgram();
    throw error;
  }
}

/** node-av or its compiled part: an optional package, or one of another platform. */
const isAbsent = (error: unknown): boolean =>
  ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND", "ERR_DLOPEN_FAILED"].includes(
    (error as NodeJS.ErrnoException).code ?? "",
  ) || /native addon|native binding|node-av/i.test((error as Error).message ?? "");
