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
