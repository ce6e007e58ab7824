import { ConfigError } from "./errors.ts";

/**
 * Refuses settings that are not known, such as misspelt ones, which would otherwise be ignored.
 * @param what names the function in the error, for example `loadBackbone`
 * @param known of an options type, `Object.keys({ … } satisfies Record<keyof Options, true>)`: the compiler finds one that is left out
 * @throws ConfigError for the first unknown key, with the list of the known ones
 */
export function checkKeys(what: string, given: object, known: readonly string[]): void {
  const key = Object.keys(given).find((name) => !known.includes(name));
  if (key === undefined) return;
  throw new ConfigError(
    `${what}: ${key}`,
    `one of ${known.join(", ")}`,
    "an unknown setting",
    "Correct its name.",
  );
}
