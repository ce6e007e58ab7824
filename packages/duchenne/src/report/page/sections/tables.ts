import type { Column, Highlight, ResultTable, TableCell } from "../data/reportData.ts";
import { bestOfColumns, formatValue, isUnmeasured, TOO_SMALL } from "../markup/format.ts";
import { type Html, html } from "../markup/html.ts";

/** The first figures a reader sees. */
export function renderHighlights(highlights: readonly Highlight[]): Html {
  return html`<ul class="highlights">${highlights.map(
    ({ label, value, detail }) =>
      html`<li><span class="label">${label}</span><strong>${value}</strong><span class="detail">${detail}</span></li>`,
  )}</ul>`;
}

/** Measured values with intervals, the best of each column marked, and the published ones beneath. */
export function renderTable(table: ResultTable): Html {
  const { title, note, columns, rows } = table;
  const best = bestOfColumns(table);
  const head = columns.map((column) => html`<th scope="col">${column.name}${direction(column)}</th>`);
  const body = rows.map(
    ({ name, cells }, r) =>
      html`<tr><th scope="row">${name}</th>${columns.map((column, c) =>
        isUnmeasured(cells[c], column.unit, table)
          ? html`<td class="muted">${TOO_SMALL}</td>`
          : renderCell(cells[c] ?? null, column, best[c]!.has(r)),
      )}</tr>`,
  );
  return html`<h3>${title}</h3>
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="results"><thead><tr><th scope="col">model</th>${head}</tr></thead><tbody>${body}</tbody></table></div>
<p class="note">${note}</p>`;
}

/** Several tables as one: a group of rows for each, and a column for each figure that any of them has. */
export function renderTables(tables: readonly ResultTable[]): Html {
  if (tables.length === 1) return renderTable(tables[0]!);
  const columns = [
    ...new Map(tables.flatMap((table) => table.columns).map((column) => [column.name, column])).values(),
  ];
  const head = columns.map((column) => html`<th scope="col">${column.name}${direction(column)}</th>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="all results"><table class="results"><thead><tr><th scope="col">model</th>${head}</tr></thead>${tables.map(
    (table) => renderGroup(table, columns),
  )}</table></div>
${[...new Set(tables.map(({ note }) => note))].map((note) => html`<p class="note">${note}</p>`)}`;
}

function renderGroup(table: ResultTable, columns: readonly Column[]): Html {
  const { title, rows } = table;
  const best = bestOfColumns(table);
  const places = columns.map(({ name }) => table.columns.findIndex((own) => own.name === name));
  const cellAt = (cells: ResultTable["rows"][number]["cells"], r: number, c: number, column: Column) => {
    const cell = c < 0 ? null : (cells[c] ?? null);
    if (isUnmeasured(cell, column.unit, table)) return html`<td class="muted">${TOO_SMALL}</td>`;
    return renderCell(cell, column, c >= 0 && best[c]!.has(r));
  };
  return html`<tbody><tr class="group"><th scope="rowgroup" colspan="${columns.length + 1}">${title}</th></tr>${rows.map(
    ({ name, cells }, r) =>
      html`<tr><th scope="row">${name}</th>${columns.map((column, i) => cellAt(cells, r, places[i]!, column))}</tr>`,
  )}</tbody>`;
}

function direction({ better }: Column): Html | "" {
  if (better === "neither") return "";
  return better === "higher"
    ? html` <span class="muted" title="higher is better">↑</span>`
    : html` <span class="muted">↓</span><small>less is better</small>`;
}

function renderCell(cell: TableCell | null, { unit }: Column, isBest: boolean): Html {
  if (cell === null) return html`<td class="muted">–</td>`;
  const { value, low, high, reference } = cell;
  const interval =
    low === undefined || high === undefined
      ? ""
      : html`<small>${formatValue(low, unit)} to ${formatValue(high, unit)}</small>`;
  const published =
    reference === undefined ? "" : html`<small class="paper">paper ${formatValue(reference, unit)}</small>`;
  const shown = isBest ? html`<strong>${formatValue(value, unit)}</strong>` : formatValue(value, unit);
  return html`<td${isBest ? html` class="best"` : ""}>${shown}${interval}${published}</td>`;
}
