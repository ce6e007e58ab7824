import { InputError } from "./errors.ts";

/**
 * Refuses options that are not known, such as misspelt ones, which would otherwise be ignored.
 * @param what names the function   @throws InputError for the first unknown key, with the known ones
 */
export function refuseUnknown(what: string, given: object, known: readonly string[]): void {
  const key = Object.keys(given).find((name) => !known.includes(name));
  if (key !== undefined)
    throw new InputError(
      `${what}: ${key}`,
      `one of ${known.join(", ")}`,
      "an unknown option",
      "Correct its name.",
    );
}
