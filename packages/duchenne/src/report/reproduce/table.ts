/** The finished table: JSON, Markdown, and the page. */
import { join } from "node:path";
import { writeFileAtomically } from "../../lib/files/atomicFolder.ts";
import { collectReport, type ReportInputs } from "../page/collect/collect.ts";
import type { EmbeddingSource } from "../page/collect/embedding.ts";
import { TABLE_FORMAT, TABLE_NAME, type TableFile } from "../page/collect/tableFile.ts";
import { tablesBesidePaper } from "../page/collect/tables.ts";
import type { Column, Picture, ResultTable, TableCell } from "../page/data/reportData.ts";
import { bestOfColumns, formatCell, formatValue, isUnmeasured, TOO_SMALL } from "../page/markup/format.ts";
import { writeReport } from "../page/writeReport.ts";
import { drawViewsSheet } from "../preview/sheet.ts";
import type { ReproducePlan } from "./plan.ts";
import type { Reproduction } from "./reproduce.ts";
import type { WorkRow } from "./workRows.ts";

const SHEET_CLIPS = 6;

/** A table as Markdown: values with intervals, the paper's figure in parentheses, the best of a column in bold. */
export function renderMarkdown(table: ResultTable): string {
  const { title, note, columns, rows } = table;
  const best = bestOfColumns(table);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `### ${escapePipes(title)}`,
    "",
    line(["", ...columns.map(heading)]),
    line(["---", ...columns.map(() => "---:")]),
    ...rows.map(({ name, cells }, r) =>
      line([
        escapePipes(name),
        ...columns.map((column, c) =>
          isUnmeasured(cells[c], column.unit, table)
            ? TOO_SMALL
            : markdownCell(cells[c] ?? null, column, best[c]!.has(r)),
        ),
      ]),
    ),
    "",
    note,
    "",
  ].join("\n");
}

const heading = ({ name, better }: Column): string =>
  `${name}${better === "neither" ? "" : better === "higher" ? " ↑" : " ↓"}`;

const escapePipes = (text: string): string => text.replace(/\|/g, "\\|");

function markdownCell(cell: TableCell | null, { unit }: Column, isBest: boolean): string {
  if (cell === null) return "–";
  const own = formatCell(cell, unit);
  const paper = cell.reference === undefined ? "" : ` (paper ${formatValue(cell.reference, unit)})`;
  return `${isBest ? `**${own}**` : own}${paper}`;
}

/**
 * Writes `table.json` and `table.md` for the finished rows.
 * @returns the Markdown
 */
export function writeTable(
  plan: ReproducePlan,
  out: string,
  { rows, results }: Reproduction,
  complete: boolean,
): string {
  const tables = tablesBesidePaper(results);
  const markdown = `## ${plan.name}\n\n${tables.map(renderMarkdown).join("\n")}`;
  const json: TableFile & object = {
    ...{ format: TABLE_FORMAT, formatVersion: 1, complete, plan, tables },
    rows: rows.map(({ name, slug, seed, paper, stages }) => ({
      ...{ name, slug, seed, paper: paper ?? null, pretrained: stages.length > 0 },
    })),
  };
  writeFileAtomically(join(out, TABLE_NAME), `${JSON.stringify(json, null, 1)}\n`);
  writeFileAtomically(join(out, "table.md"), markdown);
  return markdown;
}

/** What the page of a reproduction shows besides its rows. */
export type Extras = Pick<ReportInputs, "summary" | "highlights" | "notes" | "made">;

/** Writes `report.html`. @returns its path */
export async function writeTableReport(
  plan: ReproducePlan,
  out: string,
  { rows, results }: Reproduction,
  extras: Extras,
  signal?: AbortSignal,
): Promise<string> {
  const firstSeed = rows.filter(({ seed }) => seed === plan.seeds[0]);
  const inputs: ReportInputs = {
    ...extras,
    title: plan.name,
    results,
    runs: firstSeed
      .filter(({ stages }) => stages.length > 0)
      .map(({ name, from }) => ({ name, folder: from })),
    embeddings: embeddingsOf(plan, firstSeed),
    stores: { [plan.store]: roleOf(plan) },
    views: await viewsOf(firstSeed),
  };
  const file = join(out, "report.html");
  writeReport(file, await collectReport(inputs, new Date(), signal));
  return file;
}

/** A batch of the last row that was pre-trained, as its network sees it. */
async function viewsOf(rows: readonly WorkRow[]): Promise<Picture[]> {
  const row = rows.findLast(({ stages }) => stages.length > 0);
  const stage = row?.stages.at(-1);
  if (row === undefined || stage === undefined) return [];
  const { png, notices } = await drawViewsSheet(stage.store, stage.config, {
    batches: 1,
    clips: SHEET_CLIPS,
  });
  const image = `data:image/png;base64,${png.toString("base64")}`;
  return [{ title: `${row.name}: the first batch`, caption: notices.join(" "), image }];
}

const roleOf = ({ store, evaluations }: ReproducePlan): string =>
  evaluations.some((one) => one.store === store)
    ? "pre-training, without its labels; and evaluation, on people that pre-training did not use"
    : "pre-training, without its labels";

/** The baseline and the last row, on the first set with expressions. */
function embeddingsOf(plan: ReproducePlan, rows: readonly WorkRow[]): EmbeddingSource[] {
  const store = plan.evaluations.find(({ task }) => task === "expression")?.store;
  if (store === undefined) return [];
  const trained = rows.filter(({ stages }) => stages.length > 0);
  const baseline = trained.find(({ name }) => name === "SimCLR");
  const chosen = new Set([baseline, trained.at(-1)].filter((row) => row !== undefined));
  return [...chosen].map(({ name, from }) => ({ name, from, store }));
}
