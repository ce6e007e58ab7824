import { ExplainedError } from "../lib/errors.ts";
import { reportError } from "./errors.ts";

/** Standard output that cannot be written, as on a full disk. */
export class OutputError extends ExplainedError {
  override readonly name = "OutputError";
  constructor(override readonly cause: Error) {
    super(
      "standard output",
      "a stream that can be written",
      cause.message,
      "Free the disk, or write to another file.",
    );
  }
}

/**
 * Handles standard streams that close before the command ends. A reader that stops early (`| head`) is no failure, and the
 * command finishes its files; any other error is printed once at the end, and the exit code is 1.
 * @returns a function that tests whether an error is the one that standard output failed with
 */
export function handleStandardStreams(): (error: unknown) => boolean {
  let failure: NodeJS.ErrnoException | undefined;
  process.stdout.on("error", (error) => {
    failure ??= error;
  });
  // There is no other place to print to.
  process.stderr.on("error", () => {});
  process.once("beforeExit", () => {
    if (failure === undefined || failure.code === "EPIPE") return;
    reportError(new OutputError(failure));
    process.exitCode = 1;
  });
  return (error) => error !== undefined && error === failure;
}
