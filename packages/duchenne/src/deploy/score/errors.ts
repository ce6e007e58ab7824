/** A store or an option that a model cannot be scored on; the message says what to do. */
export class ScoreError extends Error {
  override readonly name = "ScoreError";
  constructor(
    /** The store, the model or the option at fault. */
    readonly subject: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`${subject}: expected ${expected}, received ${received}`);
  }
}
