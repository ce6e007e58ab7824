/** Tells the definitions that this package made from a user's own, whatever their names. */

const made = new WeakSet<object>();

/** Marks a definition as built in, and gives it back. A changed copy of it counts as the user's own. */
export function builtIn<T extends object>(definition: T): T {
  made.add(definition);
  return definition;
}

/** Whether this package made the definition. */
export const isBuiltIn = (definition: object): boolean => made.has(definition);
