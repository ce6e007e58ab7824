/**
 * Errors in one form. The library speaks of settings by the names they have in code, and knows no flags: the command line turns
 * them into its flags where it prints (`cli/flagText.ts`). Two forms are turned:
 *
 * - the subject of an error, if it is a `SettingName`: `batch: expected …` becomes `--batch: expected …`;
 * - in any message or notice, a setting between backticks, alone or with a value as code has it: `` `out` `` becomes `--out`,
 *   `` `mode: "frozen"` `` becomes `--mode frozen`, and `` `faceSwap: false` `` becomes `--no-face-swap`.
 */

/** The name of a setting as the subject of an error: `batch` in code, `--batch` on the command line. */
export class SettingName {
  /** @param key as in code, for example `faceSwapProbability` */
  constructor(readonly key: string) {}
}

/** Names a setting as the subject of an error. @param key as in code, for example `faceSwapProbability` */
export const setting = (key: string): SettingName => new SettingName(key);

/** A setting with a value, for messages: `` `classes: ["happy","sad"]` ``. */
export const settingText = (key: string, value: string | number | boolean | readonly string[]): string =>
  `\`${key}: ${JSON.stringify(value)}\``;

/** What came may be another error's message, which ends with a full stop of its own. */
const withoutStop = (text: string): string => text.replace(/(?<=[\w)"'`])\.$/, "");

/** An error in three parts: what was expected of its subject, what came, and what to do. */
export class ExplainedError extends Error {
  /** The file, folder, store or setting at fault. */
  readonly subject: string;
  /** The setting's name if the subject is one. */
  readonly setting: string | undefined;

  constructor(
    subject: string | SettingName,
    readonly expected: string,
    readonly received: string,
    /** What to do, as a sentence. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    const name = typeof subject === "string" ? subject : subject.key;
    super(`${name}: expected ${expected}, received ${withoutStop(received)}. ${remedy}`, options);
    this.subject = name;
    this.setting = typeof subject === "string" ? undefined : name;
  }
}

/** A setting that is unknown, out of range, or contradicts another one. */
export class ConfigError extends ExplainedError {
  override readonly name = "ConfigError";
  /** @param subject a setting; in a file or a definition, its place there: `tiny.json: batch`, `sslFer: batch` */
  constructor(
    subject: string | SettingName,
    expected: string,
    received: string,
    remedy: string = "Correct the setting.",
    options?: ErrorOptions,
  ) {
    super(subject, expected, received, remedy, options);
  }
}
