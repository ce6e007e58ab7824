/** Sources that cannot become a model, or not together. */
export class ExportError extends Error {
  override readonly name = "ExportError";
  constructor(
    /** The probe, folder or option at fault. */
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
    /** What to do, as a sentence. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${subject}: expected ${expected}, received ${received}. ${remedy}`, options);
  }
}
