/** Command-line flags from a zod schema, one per key, so that each option is defined once. */
import { InvalidArgumentError, Option } from "commander";
import type { z } from "zod";
import { flagOf } from "../lib/shellCommand.ts";

/** Definition of one key: the innermost type under optional(), nullable() and the like. */
type Def = { type: string; innerType?: z.ZodType; entries?: Record<string, string> };

const defOf = (field: z.ZodType): Def => field.def as unknown as Def;

function unwrap(field: z.ZodType): Def {
  const def = defOf(field);
  return def.innerType ? unwrap(def.innerType) : def;
}

function descriptionOf(field: z.ZodType): string {
  const { innerType } = defOf(field);
  return field.description ?? (innerType ? descriptionOf(innerType) : "");
}

function parseNumber(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError("expected a number.");
  return value;
}

/**
 * Options for every key of a schema of booleans (`--key` and `--no-key`), numbers, choices and texts. They have no defaults:
 * an option that is not given is absent. The schema checks ranges.
 * @param usual default values, for the help
 */
export function settingFlags(
  shape: Readonly<Record<string, z.ZodType>>,
  usual: Readonly<Record<string, unknown>>,
): Option[] {
  return Object.entries(shape).flatMap(([key, field]) => {
    const value = usual[key];
    const hasDefault = value != null && typeof value !== "boolean";
    const description = `${descriptionOf(field)}${hasDefault ? ` (default: ${value})` : ""}`;
    return optionsOf(flagOf(key), unwrap(field), description);
  });
}

function optionsOf(flag: string, { type, entries }: Def, description: string): Option[] {
  if (type === "boolean")
    return [new Option(flag, description), new Option(`--no-${flag.slice(2)}`).hideHelp()];
  if (type === "number") return [new Option(`${flag} <n>`, description).argParser(parseNumber)];
  if (type === "enum")
    return [new Option(`${flag} <name>`, description).choices(Object.values(entries ?? {}))];
  return [new Option(`${flag} <text>`, description)];
}
