/** Label budgets: how many training labels to use, and which. */
import type { Random } from "../../lib/random.ts";

/** How many training labels to use: a share of all in (0, 1], or a count. */
export type Budget = { readonly share: number } | { readonly count: number };

/** Parses "1%", "100" or "all". @returns undefined for any other text */
export function parseBudget(text: string): Budget | undefined {
  if (text === "all") return { share: 1 };
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (share !== undefined)
    return Number(share) > 0 && Number(share) <= 100 ? { share: Number(share) / 100 } : undefined;
  return /^[1-9]\d*$/.test(text) ? { count: Number(text) } : undefined;
}

/**
 * Draws labelled images so that each class keeps its share and at least one image; the largest remainders round up.
 * @param classes [n] class of each image; all equal for a task without classes
 * @returns indices, ascending; all of them if the budget covers them. From the same random stream, a larger budget contains the
 * images of a smaller one, except a few whose shares round differently
 */
export function drawLabels(classes: readonly number[], budget: Budget, rng: Random): number[] {
  const total = classes.length;
  const wanted = "count" in budget ? budget.count : Math.round(budget.share * total);
  if (wanted >= total) return [...classes.keys()];
  const byClass = new Map<number, number[]>();
  classes.forEach((c, i) => {
    const members = byClass.get(c);
    if (members) members.push(i);
    else byClass.set(c, [i]);
  });
  const groups = [...byClass].sort(([a], [b]) => a - b);
  const counts = shareOut(
    groups.map(([, members]) => members.length),
    Math.max(wanted, groups.length),
  );
  return groups
    .flatMap(([c, members], g) => rng.fork(`class/${c}`).shuffle(members).slice(0, counts[g]))
    .sort((a, b) => a - b);
}

/** Divides `total` in proportion to `sizes` into whole numbers of at least 1. */
function shareOut(sizes: readonly number[], total: number): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size * total) / all);
  const counts = exact.map((value) => Math.max(1, Math.floor(value)));
  const byRemainder = exact
    .map((value, i) => ({ i, remainder: value - counts[i]! }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  let missing = total - counts.reduce((sum, count) => sum + count, 0);
  for (const { i } of byRemainder) {
    if (missing <= 0) break;
    if (counts[i]! < sizes[i]!) {
      counts[i]! += 1;
      missing -= 1;
    }
  }
  // The classes that were raised to 1 take from the largest.
  for (; missing < 0; missing++) counts[counts.indexOf(Math.max(...counts))]! -= 1;
  return counts;
}
