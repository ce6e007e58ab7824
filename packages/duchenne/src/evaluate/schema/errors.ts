/** A data set or an option that the probe cannot work with; the message says what to do. */
export class ProbeError extends Error {
  override readonly name = "ProbeError";
  constructor(
    /** The store, file or option at fault. */
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
    options?: ErrorOptions,
  ) {
    super(`${subject}: expected ${expected}, received ${received}`, options);
  }
}
