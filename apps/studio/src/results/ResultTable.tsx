import type { Figure } from "duchenne/studio";
import { figure } from "../format.ts";
import { runColour } from "../runs/colours.ts";
import { choose, hrefOf } from "../shell/route.ts";
import { dividedSettings, figureColumns, numericColumns, type ShownRow, sortKey } from "./table.ts";

interface ResultTableProps {
  readonly rows: readonly ShownRow[];
  /** The column that the rows are sorted by. */
  readonly sort: string;
  readonly isRising: boolean;
}

/** Results, sorted by the column whose head is pressed. */
export function ResultTable({ rows, sort, isRising }: ResultTableProps) {
  const figures = figureColumns(rows);
  const { telling, others } = dividedSettings(rows);
  // What is compared by its digits stands to the right.
  const numeric = numericColumns(rows, ["name", ...telling, ...figures, ...others]);
  const setting = (row: ShownRow, name: string) => (
    <td key={name} class={numeric.has(name) ? "number" : undefined}>
      {sortKey(row, name) ?? "–"}
    </td>
  );
  const head = (column: string) => {
    const isSorted = column === sort;
    const order = isSorted && isRising ? "falling" : null;
    return (
      <th
        key={column}
        scope="col"
        class={numeric.has(column) ? "number" : undefined}
        aria-sort={isSorted ? (isRising ? "ascending" : "descending") : undefined}
      >
        <button type="button" onClick={() => choose({ sort: column, order })}>
          {column}
          {isSorted && <span aria-hidden="true">{isRising ? " ↑" : " ↓"}</span>}
        </button>
      </th>
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keys
    <section class="scroll tall" tabIndex={0} aria-label="Results, by settings and figures">
      <table class="settings results">
        <thead>
          <tr>{["name", ...telling, ...figures, ...others].map(head)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row" title={row.file}>
                <Name row={row} />
              </th>
              {telling.map((name) => setting(row, name))}
              {figures.map((name) => (
                <FigureCell key={name} figure={row.figures[name]} isTooSmall={row.isTooSmall} />
              ))}
              {others.map((name) => setting(row, name))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Leads to the curves of the run. */
function Name({ row: { name, runId, isComplete, origin } }: { readonly row: ShownRow }) {
  const more = [...(isComplete ? [] : ["incomplete"]), ...(origin === "drawn" ? ["drawn faces"] : [])];
  return (
    <>
      {runId === null ? (
        name
      ) : (
        <a href={hrefOf("runs", { runs: runId })}>
          <i class="dot" style={{ background: runColour(runId) }} />
          {name}
        </a>
      )}
      {more.length > 0 && <small>{more.join(", ")}</small>}
    </>
  );
}

interface FigureCellProps {
  readonly figure: Figure | undefined;
  readonly isTooSmall: boolean;
}

function FigureCell({ figure: cell, isTooSmall }: FigureCellProps) {
  if (cell?.value == null) return <td class="number">–</td>;
  if (isTooSmall) return <td class="number muted">too small to measure</td>;
  const { value, low, high } = cell;
  return (
    <td class="number">
      {figure(value)}
      {low !== null && high !== null && (
        <small>
          {figure(low)} to {figure(high)}
        </small>
      )}
    </td>
  );
}
