import type { ResultRow, RunEntry, RunSettings } from "duchenne/studio";

/** A row of the table: a result, and the settings of the run it is of. */
export interface ShownRow extends Omit<ResultRow, "settings"> {
  readonly settings: RunSettings;
}

/** Adds the settings of runs. The probe's own win where both have one of a name: they tell what was measured. */
export const withRuns = (rows: readonly ResultRow[], runs: readonly RunEntry[]): ShownRow[] =>
  rows.map((row) => {
    const run = runs.find(({ id }) => id === row.runId);
    const name = row.rowName ?? run?.name ?? row.name;
    return { ...row, name, settings: { ...run?.config, ...row.settings } };
  });

/** Settings in a table whatever their values. */
const ALWAYS: readonly string[] = ["method", "store", "task", "labels"];
/** Settings that come to nothing in a table: several a row, or long. */
const NEVER: ReadonlySet<string> = new Set(["classes", "resamples"]);

/** Settings worth a column: the main ones, and those that differ between rows. */
export function settingColumns(rows: readonly ShownRow[]): string[] {
  const names = [...new Set(rows.flatMap(({ settings }) => Object.keys(settings)))];
  const others = names.filter((name) => !ALWAYS.includes(name) && !NEVER.has(name) && differs(rows, name));
  return [...ALWAYS.filter((name) => names.includes(name)), ...others];
}

/** Settings that tell rows of one run apart, in this order: they stand beside the name. */
const TELLING: readonly string[] = ["task", "mode", "labels"];

/** The settings that tell rows of one run apart, if they differ between the rows, and all others. */
export function dividedSettings(rows: readonly ShownRow[]): { telling: string[]; others: string[] } {
  const columns = settingColumns(rows);
  const telling = TELLING.filter((name) => columns.includes(name) && differs(rows, name));
  return { telling, others: columns.filter((name) => !telling.includes(name)) };
}

/** The setting to begin a scatter with: the first that differs between rows which have the figure. */
export function firstSetting(
  rows: readonly ShownRow[],
  settings: readonly string[],
  figure: string | undefined,
): string | undefined {
  const measured = rows.filter(({ figures }) => figure !== undefined && figures[figure]?.value != null);
  return settings.find((name) => differs(measured, name)) ?? settings[0];
}

const differs = (rows: readonly ShownRow[], name: string): boolean =>
  new Set(rows.map(({ settings }) => String(settings[name] ?? "–"))).size > 1;

/** Figures in the order of the paper's table, then the others. */
const FIGURES: readonly string[] = ["macroF1", "accuracy", "valenceCcc", "arousalCcc", "identification"];

export function figureColumns(rows: readonly ShownRow[]): string[] {
  const found = new Set(rows.flatMap(({ figures }) => Object.keys(figures)));
  return [
    ...FIGURES.filter((name) => found.has(name)),
    ...[...found].filter((name) => !FIGURES.includes(name)),
  ];
}

/** A value to sort by: a figure, a setting, or the name. */
export const sortKey = ({ name, figures, settings }: ShownRow, column: string): string | number | null => {
  if (column === "name") return name;
  if (column in figures) return figures[column]!.value;
  const value = settings[column] ?? null;
  return typeof value === "boolean" ? (value ? "on" : "off") : value;
};

/** Those of the columns that hold nothing but numbers. */
export function numericColumns(rows: readonly ShownRow[], columns: readonly string[]): Set<string> {
  const isNumeric = (value: string | number | null) => value === null || typeof value === "number";
  return new Set(columns.filter((column) => rows.every((row) => isNumeric(sortKey(row, column)))));
}

/** Sorted by a column, rows without a value last, equal ones as they were. */
export function sorted(rows: readonly ShownRow[], column: string, isRising: boolean): ShownRow[] {
  return rows.toSorted((a, b) => {
    const [x, y] = [sortKey(a, column), sortKey(b, column)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return (isRising ? 1 : -1) * compare(x, y);
  });
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

/** Rows in which each word occurs: in the name, the file or a setting, as `simclr` or `batch=64`. */
export function filtered(rows: readonly ShownRow[], words: string): ShownRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const settings = Object.entries(row.settings).map(([key, value]) => `${key}=${value}`);
    const text = [row.name, row.file, ...settings].join("\n").toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
