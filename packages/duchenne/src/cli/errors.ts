import { DataError } from "../data/datasets/types.ts";
import { ScoreError } from "../deploy/score/errors.ts";
import { ConfigError } from "../lib/errors.ts";
import { printableLine, printableMessage } from "../lib/printable.ts";
import { ComponentError } from "../ssl/config/components.ts";
import { PortInUseError, StudioFolderError } from "../studio/contract/errors.ts";
import { SynthError } from "../synth/errors.ts";

import { messageWithFlags } from "./flagText.ts";
import { describeFault } from "./lastResort.ts";

/** The command was called wrongly; the message says what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The user pressed Ctrl-C; the message says how to continue. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Exit code of a command that the user stopped: 128 + SIGINT. */
export const INTERRUPTED = 130;

const USAGE_ERRORS = [UsageError, ConfigError, ComponentError, PortInUseError, StudioFolderError] as const;

/** What a limit or a disk refuses is no fault of the file. */
const SYSTEM_FAULTS: readonly unknown[] = ["EMFILE", "ENFILE", "ENOMEM", "EIO", "ENOSPC"];

/** By its name: the class is in @duchenne/face, which the commands that read no media do not load. */
const isMediaError = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === "MediaError" &&
  !SYSTEM_FAULTS.includes((error.cause as NodeJS.ErrnoException | undefined)?.code);

/**
 * Exit codes of every command: 0 done, 1 failed, 2 called wrongly (as commander's own) or with pictures, videos or
 * labels that cannot be used, 130 interrupted (128 + SIGINT). A file among others that can be used is left out, and ends no command.
 */
export function exitCodeOf(error: unknown): number {
  if (USAGE_ERRORS.some((usage) => error instanceof usage)) return 2;
  if (error instanceof DataError || isMediaError(error)) return 2;
  if (error instanceof ScoreError && error.setting !== undefined) return 2;
  // With a cause, the disk is at fault.
  if (error instanceof SynthError && error.cause === undefined) return 2;
  return error instanceof Interrupted ? INTERRUPTED : 1;
}

/** What Node says of a disk or a limit gets the words of what to do. */
const messageOf = (error: Error): string =>
  (error as NodeJS.ErrnoException).syscall === undefined ? messageWithFlags(error) : describeFault(error);

/** Prints one message, without a stack; DUCHENNE_DEBUG=1 adds the stack. */
export function reportError(error: unknown): void {
  const known = error instanceof Error ? error : new Error(String(error));
  if (process.env.DUCHENNE_DEBUG) console.error(known);
  else if (known instanceof Interrupted) process.stderr.write(`${printableLine(known.message)}\n`);
  else process.stderr.write(`error: ${printableMessage(messageOf(known), known)}\n`);
}
