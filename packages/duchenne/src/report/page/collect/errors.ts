/** Something that no report can be made of. */
export class ReportError extends Error {
  override readonly name = "ReportError";
  constructor(
    readonly path: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`${path}: expected ${expected}, received ${received}`);
  }
}
