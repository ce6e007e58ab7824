import type { Schema } from "@duchenne/torch";

/**
 * How a schema in use departs from the one libtorch registers; empty when a call by the first is a right call of the
 * second. Arguments that libtorch has besides must have defaults, so that one source serves several versions.
 */
export function schemaDifferences(declared: Schema, registered: Schema): string[] {
  const found: string[] = [];
  for (const [i, argument] of declared.arguments.entries()) {
    const [ours, theirs] = [JSON.stringify(argument), JSON.stringify(registered.arguments[i] ?? null)];
    if (ours !== theirs) found.push(`argument ${i}: declared ${ours}, registered ${theirs}`);
  }
  for (const extra of registered.arguments.slice(declared.arguments.length))
    if (!extra.hasDefault) found.push(`argument ${extra.name}: registered without a default, not declared`);
  const [ours, theirs] = [declared.returns.join(), registered.returns.join()];
  if (ours !== theirs) found.push(`returns: declared ${ours}, registered ${theirs}`);
  return found;
}
