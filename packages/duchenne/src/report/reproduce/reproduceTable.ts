import type { ReportInputs } from "../page/collect/collect.ts";
import { resultTables } from "../page/collect/tables.ts";
import { highlightsOf } from "./highlights.ts";
import type { ReproducePlan } from "./plan.ts";
import { type ReproduceOptions, reproduce } from "./reproduce.ts";
import { type Extras, writeTable, writeTableReport } from "./table.ts";

/** A finished reproduction. */
export interface FinishedTable {
  readonly markdown: string;
  /** Path of report.html. */
  readonly report: string;
}

/** The command of the reproduction, for the page. */
export type Call = Pick<NonNullable<ReportInputs["made"]>, "name" | "command">;

/**
 * Runs a plan; writes the table after every row, and the page at the end.
 * @param extras what else the page shows   @throws as `reproduce`
 */
export async function reproduceTable(
  plan: ReproducePlan,
  out: string,
  call: Call,
  options: ReproduceOptions = {},
  extras: Partial<Extras> = {},
): Promise<FinishedTable> {
  const started = performance.now();
  const notices: string[] = [];
  const done = await reproduce(plan, out, {
    ...options,
    onNotice: (notice) => {
      notices.push(notice);
      options.onNotice?.(notice);
    },
    onRow: (done) => {
      writeTable(plan, out, done, false);
      options.onRow?.(done);
    },
  });
  const markdown = writeTable(plan, out, done, true);
  options.onProgress?.(["report: maps and pictures"]);
  const seconds = (performance.now() - started) / 1000;
  const page: Extras = {
    summary: `${plan.rows.length} pre-trainings of ${plan.arch} at ${plan.size} px, all evaluated in the same way.`,
    highlights: highlightsOf(resultTables(done.results)),
    notes: [],
    made: { ...call, seed: plan.seeds.join(", "), seconds },
    ...extras,
  };
  return { markdown, report: await writeTableReport(plan, out, done, page, options.signal) };
}
