/** A setting that is unknown, out of range, or does not go with the others. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(
    /** Where the setting was given: `--batch`, or `tiny.json: batch`. */
    readonly option: string,
    readonly expected: string,
    readonly received: string,
  ) {
    super(`${option}: expected ${expected}, received ${received}`);
  }
}
