import type { Column, TableCell } from "../data/reportData.ts";

const MISSING = "–";
const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;

/** A value as tables and plots show it: 0.575 as "57.5" (percent), ".575" (number) or "1" (count). */
export function formatValue(value: number, unit: Column["unit"]): string {
  if (!Number.isFinite(value)) return MISSING;
  if (unit === "percent") return (100 * value).toFixed(1);
  if (unit === "count") return Math.round(value).toLocaleString("en");
  return value.toFixed(3).replace(/^(-?)0\./, "$1.");
}

/** "57.5 [55.1, 59.8]", or the value alone where there is no interval. */
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

/** The rows whose cell is the best of the column; none where none is better than another. */
export function bestRows(cells: readonly (TableCell | null)[], better: Column["better"]): Set<number> {
  const values = cells.map((cell) => cell?.value ?? Number.NaN);
  const measured = values.filter(Number.isFinite);
  const best = better === "higher" ? Math.max(...measured) : Math.min(...measured);
  if (better === "neither" || measured.every((value) => value === best)) return new Set();
  return new Set(values.flatMap((value, row) => (value === best ? [row] : [])));
}
