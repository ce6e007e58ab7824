import { reportError } from "./errors.ts";

/** Standard output that cannot be written, as on a full disk. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  constructor(override readonly cause: Error) {
    super(`standard output: could not be written (${cause.message})`);
  }
}

/**
 * Takes care of streams that end before the command does. A reader that has seen enough (`| head`) is no failure, and files being
 * written are finished; anything else is told of once, when all is done, and the exit code is 1.
 * @returns whether an error is what standard output failed with
 */
export function handleStandardStreams(): (error: unknown) => boolean {
  let failure: NodeJS.ErrnoException | undefined;
  process.stdout.on("error", (error) => {
    failure ??= error;
  });
  // Nobody is left to be told.
  process.stderr.on("error", () => {});
  process.once("beforeExit", () => {
    if (failure === undefined || failure.code === "EPIPE") return;
    reportError(new OutputError(failure));
    process.exitCode = 1;
  });
  return (error) => error !== undefined && error === failure;
}
