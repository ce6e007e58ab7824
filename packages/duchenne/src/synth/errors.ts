/** An option of the synthetic data set that cannot be used, or an output folder that holds something else. */
export class SynthError extends Error {
  override readonly name = "SynthError";
  /**
   * @param option the option at fault as the user wrote it, e.g. "--actors"
   * @param expected what would have been right
   * @param received what came instead
   * @param remedy what to do, as a sentence
   */
  constructor(
    readonly option: string,
    readonly expected: string,
    readonly received: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${option}: expected ${expected}, received ${received}. ${remedy}`, options);
  }
}
