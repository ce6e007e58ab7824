/** An option of `prepare` that does not go with the others. */
export class PrepareOptionError extends Error {
  override readonly name = "PrepareOptionError";
  constructor(
    readonly option: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`${option}: expected ${expected}, received ${received}`);
  }
}
