/** A path or file that cannot be part of a report. */
export class ReportError extends Error {
  override readonly name = "ReportError";
  constructor(
    readonly path: string,
    readonly expected: string,
    readonly received: string,
    /** What to do, as a sentence. */
    readonly remedy: string = "Check the path.",
  ) {
    super(`${path}: expected ${expected}, received ${received}. ${remedy}`);
  }
}
