/** The figures of a table to see first: the last row that is no baseline against SimCLR. */

import type { Highlight, ResultTable, TableCell } from "../page/data/reportData.ts";
import { formatValue } from "../page/markup/format.ts";
import { BASELINE_NAMES } from "./rows.ts";

const BASELINE = "SimCLR";
const MOST = 4;

/** @param tables of one reproduction @returns nothing if there is no baseline, or nothing beside it */
export function highlightsOf(tables: readonly ResultTable[]): Highlight[] {
  const identity = tables.flatMap((table) => compare(table, "identified")).slice(0, 1);
  const expression = tables.flatMap((table) => compare(table, "F1")).slice(0, MOST - identity.length);
  return [
    ...expression.map(({ title, name, own, baseline }) => ({
      label: `macro F1: ${title}`,
      value: `${formatValue(own.value, "percent")} %`,
      detail: `${name}; ${BASELINE} ${formatValue(baseline.value, "percent")} %`,
    })),
    ...identity.map(({ title, name, own, baseline }) => ({
      label: `people recognised: ${title}`,
      value: `${(own.value / baseline.value).toFixed(2)} ×`,
      detail: `${name} ${formatValue(own.value, "percent")} %, ${BASELINE} ${formatValue(baseline.value, "percent")} %`,
    })),
  ];
}

interface Comparison {
  readonly title: string;
  readonly name: string;
  readonly own: TableCell;
  readonly baseline: TableCell;
}

function compare({ title, columns, rows, isTooSmall }: ResultTable, column: string): Comparison[] {
  if (isTooSmall) return [];
  const c = columns.findIndex(({ name }) => name === column);
  const baseline = rows.find(({ name }) => name === BASELINE)?.cells[c];
  const last = rows.findLast(({ name }) => !BASELINE_NAMES.has(name));
  const own = last?.cells[c];
  if (!baseline || !own) return [];
  return [{ title, name: last!.name, own, baseline }];
}
