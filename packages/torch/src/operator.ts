import { invoke, resolve } from "./dispatch.ts";
import { ArgumentError } from "./errors.ts";
import { type OperatorFunction, parseSchema, type Schema } from "./schema.ts";
import type { Argument } from "./tape.ts";

/** All schemas in use, by operator name; the test compares them with libtorch's registry. */
export const declared = new Map<string, Schema>();

/**
 * An operator of libtorch as a typed function, from its schema.
 *
 *     const relu = operator("aten::relu(Tensor self) -> Tensor");
 *
 * Positional arguments are passed in order, keyword-only ones as one object at the end.
 */
export function operator<const S extends string>(schema: S): OperatorFunction<S> {
  const parsed = parseSchema(schema);
  const { name } = parsed;
  declared.set(name, parsed);
  const keywords = parsed.arguments.filter((a) => a.keywordOnly).map((a) => a.name);
  const positional = parsed.arguments.length - keywords.length;
  let index = -1;
  const call = (...values: Argument[]) => {
    if (index < 0) index = resolve(name);
    if (values.length <= positional) return invoke(index, name, values);
    return invoke(index, name, withKeywords(name, values, positional, keywords));
  };
  return call as unknown as OperatorFunction<S>;
}

function withKeywords(
  name: string,
  values: Argument[],
  positional: number,
  keywords: readonly string[],
): Argument[] {
  const options = values[positional] as unknown as Record<string, Argument> | null | undefined;
  if (values.length > positional + 1 || !["object", "undefined"].includes(typeof options))
    throw new ArgumentError(name, "", callForm(positional, keywords), `${values.length} arguments`);
  const flat = values.slice(0, positional);
  while (flat.length < positional) flat.push(undefined);
  for (const key of Object.keys(options ?? {}))
    if (!keywords.includes(key))
      throw new ArgumentError(name, "options", `one of ${keywords.join(", ") || "none"}`, key);
  for (const keyword of keywords) flat.push(options?.[keyword]);
  return flat;
}

function callForm(positional: number, keywords: readonly string[]): string {
  const options = keywords.length > 0 ? ` and an object of ${keywords.join(", ")}` : "";
  return `${positional} arguments${options}`;
}
