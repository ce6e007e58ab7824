/** Votes of several raters: one column for each expression, and perhaps "unknown" and "no face". */
import { EXPRESSIONS, type Expression, parseExpressionWord, plainText } from "../../lib/expressions.ts";
import type { FrameLabels } from "../store/record.ts";
import { numberField, type Place } from "./fields.ts";
import { DataError } from "./types.ts";

/** More raters than any data set has. */
const MOST_RATERS = 1e6;

/** What a vote that names no expression says, in the words of FER+. */
const OTHERS = ["unknown", "nf"] as const;

/** A column of votes. */
export interface VoteColumn {
  /** Index of the column in the table. */
  readonly index: number;
  /** Undefined for "unknown" and "no face". */
  readonly expression: Expression | undefined;
}

/** The columns of votes of a table: at least two are named after expressions, each once. @returns none if it has no votes */
export function voteColumns(header: readonly string[]): VoteColumn[] {
  const columns = header.flatMap((name, index) => {
    const expression = parseExpressionWord(name);
    const isOther = OTHERS.some((other) => other === plainText(name).toLowerCase());
    return expression !== undefined || isOther ? [{ index, expression }] : [];
  });
  const named = columns.flatMap(({ expression }) => expression ?? []);
  return named.length >= 2 && new Set(named).size === named.length ? columns : [];
}

/** Counts without single votes, which are outliers, if any choice has more; shares of votes stay as they are. */
export const withoutSingles = (counts: readonly number[]): number[] =>
  counts.some((count) => count > 1) ? counts.map((count) => (count > 1 ? count : 0)) : [...counts];

/** Counts are whole numbers; if one is a fraction, all are shares of the votes, none above 1. */
function requireOneUnit(counts: readonly number[], nameOf: (i: number) => string, place: Place): void {
  const fraction = counts.findIndex((count) => !Number.isInteger(count));
  const above = counts.findIndex((count) => count > 1);
  if (fraction < 0 || above < 0) return;
  throw new DataError({
    ...{ reason: "badNumber", ...place },
    expected: "whole numbers of votes, or shares of at most 1",
    received: `${nameOf(fraction)}: ${counts[fraction]}, ${nameOf(above)}: ${counts[above]}`,
    remedy: "Write how many raters chose each expression, or divide each row by its sum.",
  });
}

/**
 * The labels of one row of votes: the votes, and the expression of the majority. As FER+'s authors do, single votes are dropped as
 * outliers; there is no majority unless more than half of the votes that are left are for one expression. An image has neither if
 * "unknown" or "no face" has as many votes as the leading expression.
 * @param columns of `voteColumns`   @param values the fields of the row   @param raters most votes that a field can have
 * @throws DataError for a field that is no number of votes, and for a row with both fractions and numbers above 1
 * @see Barsoum, Zhang, Canton Ferrer, Zhang, ICMI 2016, section 4 (majority voting)
 */
export function voteLabels(
  columns: readonly VoteColumn[],
  values: readonly string[],
  place: Place,
  raters = MOST_RATERS,
): Pick<FrameLabels, "expression" | "votes"> {
  const nameOf = (i: number) => `votes for ${columns[i]?.expression ?? "no expression"}`;
  const counts = columns.map(
    ({ index }, i) => numberField(values[index], nameOf(i), [0, raters], place) ?? 0,
  );
  requireOneUnit(counts, nameOf, place);
  const counted = withoutSingles(counts);
  const total = counted.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...counted);
  const winners = columns.filter((_, i) => counted[i] === most);
  const [winner] = winners;
  if (most === 0 || winner === undefined || winners.some(({ expression }) => expression === undefined))
    return {};
  const votes = EXPRESSIONS.map(
    (name) => counts[columns.findIndex(({ expression }) => expression === name)] ?? 0,
  );
  return { votes, ...(most > total / 2 && winner.expression && { expression: winner.expression }) };
}
