/** An option of `prepare` that cannot be used, alone or together with the others. */
export class PrepareOptionError extends Error {
  override readonly name = "PrepareOptionError";
  constructor(
    /** The option at fault, e.g. `--feature-weights`. */
    readonly option: string,
    readonly expected: string,
    readonly received: string,
    /** What to do, as a sentence. */
    readonly remedy: string,
  ) {
    super(`${option}: expected ${expected}, received ${received}. ${remedy}`);
  }
}
