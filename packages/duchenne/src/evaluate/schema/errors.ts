/** A data set, a file or an option that an evaluation cannot use. */
export class ProbeError extends Error {
  override readonly name = "ProbeError";
  constructor(
    /** The store, file or option at fault. */
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
