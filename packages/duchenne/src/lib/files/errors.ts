import { ExplainedError } from "../errors.ts";

/** A file or folder that could not be written, with its name, which Node's own errors omit. */
export class WriteError extends ExplainedError {
  override readonly name = "WriteError";
  constructor(
    readonly path: string,
    override readonly cause: Error,
  ) {
    super(path, "a file that can be written", cause.message, "Check that the disk has free space.");
  }
}
