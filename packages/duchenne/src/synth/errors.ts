/** An option of the cast that cannot be honoured, or a folder that holds something else. */
export class CastError extends Error {
  override readonly name = "CastError";
  /**
   * @param option the option at fault as the user wrote it, e.g. "--actors"
   * @param expected what would have been right
   * @param received what came instead
   */
  constructor(
    readonly option: string,
    readonly expected: string,
    readonly received: string,
    options?: ErrorOptions,
  ) {
    super(`${option}: expected ${expected}, received ${received}`, options);
  }
}
