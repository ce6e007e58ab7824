/** Commands as text that a POSIX shell takes as it stands. */

/** `warmupSteps` is `--warmup-steps`. */
export const flagOf = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Joins words into a command; words that a shell would change are quoted. */
export const shellCommand = (words: readonly string[]): string => words.map(quoted).join(" ");

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A setting's value on the command line; null: the setting is not given. */
type Value = string | number | boolean | null | readonly string[];

/** Flags of the settings that differ from `usual`. */
export function settingWords(
  settings: Readonly<Record<string, Value>>,
  usual: Readonly<Record<string, unknown>> = {},
): string[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    if (value === null || JSON.stringify(value) === JSON.stringify(usual[key])) return [];
    const flag = flagOf(key);
    if (typeof value === "boolean") return [value ? flag : `--no-${flag.slice(2)}`];
    return [flag, typeof value === "object" ? value.join(",") : String(value)];
  });
}
