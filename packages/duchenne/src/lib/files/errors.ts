import { ExplainedError } from "../errors.ts";

/** Codes of a path that cannot be written, whatever room the disk has. */
const NO_PLACE: ReadonlySet<string | undefined> = new Set([
  "EACCES",
  "EEXIST",
  "EISDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOENT",
  "ENOTDIR",
  "EPERM",
  "EROFS",
]);

/** A file or folder that could not be written, with its name, which Node's own errors omit. */
export class WriteError extends ExplainedError {
  override readonly name = "WriteError";
  constructor(
    readonly path: string,
    override readonly cause: Error,
    /** What should have been written. */
    kind: "file" | "folder" = "file",
  ) {
    const { code } = cause as NodeJS.ErrnoException;
    super(
      path,
      `a ${kind} that can be written`,
      cause.message,
      NO_PLACE.has(code)
        ? "Check its permissions, or choose another path."
        : "Check that the disk has free space.",
    );
  }
}

/** Node's reason for a failed write. */
export const writeFailureText = (error: unknown): string =>
  error instanceof WriteError ? error.cause.message : (error as Error).message;
