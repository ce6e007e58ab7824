import type { Column, ResultTable, TableCell } from "../data/reportData.ts";

const MISSING = "–";
/** In place of a figure of a test that cannot tell anything. */
export const TOO_SMALL = "too small to measure";
const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;

/** A value as tables and plots show it: 0.575 as "57.5" (percent), ".575" (number) or "1" (count). */
export function formatValue(value: number, unit: Column["unit"]): string {
  if (!Number.isFinite(value)) return MISSING;
  if (unit === "percent") return (100 * value).toFixed(1);
  if (unit === "count") return Math.round(value).toLocaleString("en");
  return value.toFixed(3).replace(/^(-?)0\./, "$1.");
}

/** "57.5 [55.1, 59.8]", or the value alone if there is no interval. */
export function formatCell({ value, low, high }: TableCell, unit: Column["unit"]): string {
  const text = formatValue(value, unit);
  return low === undefined || high === undefined
    ? text
    : `${text} [${formatValue(low, unit)}, ${formatValue(high, unit)}]`;
}

/** Seconds as text, in seconds, minutes or hours. */
export function formatSeconds(seconds: number): string {
  if (seconds < MINUTE_SECONDS) return `${seconds.toFixed(0)} s`;
  if (seconds < HOUR_SECONDS) return `${(seconds / MINUTE_SECONDS).toFixed(1)} min`;
  return `${(seconds / HOUR_SECONDS).toFixed(1)} h`;
}

/** Whether a figure of a test that is too small is not shown: a zero says nothing but that. */
export const isUnmeasured = (
  cell: TableCell | null | undefined,
  unit: Column["unit"],
  { isTooSmall = false }: Pick<ResultTable, "isTooSmall">,
): boolean => isTooSmall && cell != null && Number(formatValue(cell.value, unit)) === 0;

/** The best row of each column of a table. */
export const bestOfColumns = ({ columns, rows, isTooSmall, isPublished }: ResultTable): Set<number>[] =>
  columns.map(({ better }, c) =>
    isTooSmall || isPublished
      ? new Set()
      : bestRows(
          rows.map(({ cells }) => cells[c] ?? null),
          better,
        ),
  );

/**
 * The row whose cell is the best of the column; none if its interval overlaps that of another row, because the data do not tell
 * the two apart. Cells without intervals are compared by their values.
 */
export function bestRows(cells: readonly (TableCell | null)[], better: Column["better"]): Set<number> {
  const values = cells.map((cell) => cell?.value ?? Number.NaN);
  const measured = values.filter(Number.isFinite);
  const best = better === "higher" ? Math.max(...measured) : Math.min(...measured);
  if (better === "neither" || measured.every((value) => value === best)) return new Set();
  const row = values.indexOf(best);
  const overlaps = (other: TableCell | null, r: number) =>
    r !== row && other !== null && Number.isFinite(other.value) && overlap(cells[row]!, other);
  return cells.some(overlaps)
    ? new Set()
    : new Set(values.flatMap((value, r) => (value === best ? [r] : [])));
}

function overlap(a: TableCell, b: TableCell): boolean {
  if (a.low === undefined || a.high === undefined || b.low === undefined || b.high === undefined)
    return false;
  return a.low <= b.high && b.low <= a.high;
}
