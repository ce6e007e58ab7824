/** The message of a command that fails with an error that no part of it caught. Imports no package: it must load in any process. */
import { readFileSync } from "node:fs";
import { printableLine } from "../lib/printable.ts";

/** A network's or a picture's library that finds no memory ends the process by itself, without a message. */
const LEAST_ADDRESS_SPACE_BYTES = 6 * 2 ** 30;
/** The command's modules are opened side by side. */
const LEAST_OPEN_FILES = 192;

const LIMITS = [
  {
    pattern: /EMFILE|ENFILE|too many open files/i,
    expected: "a process that may open 256 files",
    remedy: "Raise the limit, for example with ulimit -n 1024, and run the command again.",
  },
  {
    pattern: /out of memory|ENOMEM|cannot allocate|bad_alloc|array buffer allocation|allocation failed/i,
    expected: "enough memory, and no limit on address space (ulimit -v) below 16 GB",
    remedy: "Close other programs, or raise the limit, and run the command again.",
  },
  {
    pattern: /ENOSPC|no space left/i,
    expected: "a disk with free space",
    remedy: "Free space and run the command again.",
  },
  {
    pattern: /EROFS|EACCES|EPERM|read-only/i,
    expected: "a folder that can be written",
    remedy: "Check its permissions, or name another folder.",
  },
] as const;

/** One line for an error that is about the process or the machine, and not about data. */
export function describeFault(error: unknown): string {
  const message = error instanceof Error ? error.message.split("\n")[0]! : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const limit = LIMITS.find(({ pattern }) => pattern.test(`${code} ${message}`));
  if (limit !== undefined)
    return `this process: expected ${limit.expected}, received ${message}. ${limit.remedy}`;
  // A file that is there, and yet not found: the loader had no descriptor left to look at it.
  if (code === "ERR_MODULE_NOT_FOUND")
    return `duchenne: expected its own files, received ${message}. Raise the limit of open files (ulimit -n) if it is below 256, or install duchenne again.`;
  return message;
}

/**
 * The limit of this process that is too low for the commands; undefined if none is, or the system does not say (other than Linux).
 * @param limits text of /proc/self/limits
 */
export function findTightLimit(limits: string): string | undefined {
  const soft = (name: string) => Number(new RegExp(`^${name} +(\\d+)`, "m").exec(limits)?.[1] ?? Infinity);
  const files = soft("Max open files");
  if (files < LEAST_OPEN_FILES)
    return `limit of open files (ulimit -n): expected at least ${LEAST_OPEN_FILES}, received ${files}. Raise it, for example with ulimit -n 1024.`;
  const bytes = soft("Max address space");
  if (bytes < LEAST_ADDRESS_SPACE_BYTES)
    return `limit of address space (ulimit -v): expected at least ${LEAST_ADDRESS_SPACE_BYTES / 1024} KB, received ${bytes / 1024} KB. Raise it, or remove it with ulimit -v unlimited; address space is not memory.`;
  return undefined;
}

/** Ends the process with 1 if it runs under a limit that the commands cannot work in. */
export function refuseTightLimits(): void {
  let limits: string;
  try {
    limits = readFileSync("/proc/self/limits", "utf8");
  } catch {
    return; // not Linux
  }
  const tight = findTightLimit(limits);
  if (tight !== undefined) endWithMessage(tight);
}

/** Prints an error as one line, and ends the process with 1; DUCHENNE_DEBUG=1 adds the stack. */
export function endWithMessage(error: unknown): void {
  process.stderr.write(`error: ${printableLine(describeFault(error))}\n`);
  if (process.env.DUCHENNE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}
