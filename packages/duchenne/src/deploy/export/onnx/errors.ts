/** Something that cannot become a model, or not together with the rest; the message says what to do. */
export class ExportError extends Error {
  override readonly name = "ExportError";
  constructor(
    /** The probe, folder or option at fault. */
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
    options?: ErrorOptions,
  ) {
    super(`${subject}: expected ${expected}, received ${received}`, options);
  }
}
