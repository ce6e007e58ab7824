const MOST = 6;

/** The first names of a list, and how many more there are: tables of other programs have hundreds of columns. */
export function fewOf(names: readonly string[]): string {
  const rest = names.length - MOST;
  return rest > 0 ? `${names.slice(0, MOST).join(", ")} and ${rest} more` : names.join(", ");
}
