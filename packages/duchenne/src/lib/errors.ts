/** An error in three parts: what was expected of its subject, what came, and what to do. */
export class ExplainedError extends Error {
  constructor(
    /** The file, folder, store or option at fault. */
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

/** A setting that is unknown, out of range, or contradicts another one. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(
    /** The place of the setting: `--batch`, or `tiny.json: batch`. */
    readonly option: string,
    readonly expected: string,
    readonly received: string,
    /** What to do, as a sentence, if `expected` does not show it. */
    readonly remedy?: string,
  ) {
    super(
      `${option}: expected ${expected}, received ${received}${remedy === undefined ? "" : `. ${remedy}`}`,
    );
  }
}
