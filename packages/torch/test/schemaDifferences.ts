import type { Schema, SchemaArgument } from "@duchenne/torch";

/**
 * How a schema in use departs from the one libtorch registers; empty when a call by the first is a right call of the
 * second. Arguments that libtorch has besides must have defaults, so that one source serves several versions. One that is
 * keyword-only here may be positional there, since a call passes all of them in order.
 */
export function schemaDifferences(declared: Schema, registered: Schema): string[] {
  const found: string[] = [];
  for (const [i, argument] of declared.arguments.entries()) {
    const [ours, theirs] = [argument, registered.arguments[i]].map((one) => describe(one, argument));
    if (ours !== theirs) found.push(`argument ${i}: declared ${ours}, registered ${theirs}`);
  }
  for (const extra of registered.arguments.slice(declared.arguments.length))
    if (!extra.hasDefault) found.push(`argument ${extra.name}: registered without a default, not declared`);
  const [ours, theirs] = [declared, registered].map((one) => [...one.returns, ...one.returnNames].join());
  if (ours !== theirs) found.push(`returns: declared ${ours}, registered ${theirs}`);
  return found;
}

function describe(argument: SchemaArgument | undefined, declared: SchemaArgument): string {
  if (argument === undefined) return "nothing";
  const keywordOnly = argument.keywordOnly && !declared.keywordOnly;
  return JSON.stringify({ ...argument, keywordOnly });
}
