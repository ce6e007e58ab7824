/** A file or folder that could not be written: Node's own errors do not name it. */
export class WriteError extends Error {
  override readonly name = "WriteError";
  constructor(
    readonly path: string,
    override readonly cause: Error,
  ) {
    super(`${path}: could not be written (${cause.message}): is the disk full?`);
  }
}
