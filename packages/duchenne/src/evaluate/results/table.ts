/** A result as text. */
import type { ProbeCell, ProbeResult, ProbeSummary } from "../schema/result.ts";

const FIGURE_NAMES: Readonly<Record<string, string>> = {
  macroF1: "macro F1",
  accuracy: "accuracy",
  valenceCcc: "valence CCC",
  valenceRmse: "valence RMSE",
  arousalCcc: "arousal CCC",
  arousalRmse: "arousal RMSE",
  identification: "identification",
  chance: "by chance",
  verification: "LFW pairs",
};

const digits = (value: number | null): string => (value === null ? "–" : value.toFixed(3));

/** Formats a result: one line per label budget, then the confusion matrix and recalls of the last training. */
export function formatResult(result: ProbeResult): string {
  const { backbone, settings, data, summary, classes, cells } = result;
  const title = `${backbone.description}, ${backbone.size} px: ${settings.task}, ${settings.mode}, on ${data.store}`;
  const blocks = [title, alignColumns(summaryRows(summary, settings.seeds))];
  const last = cells.at(-1);
  if (classes && last) blocks.push(alignColumns(confusionRows(last, classes)));
  return `${blocks.join("\n\n")}\n`;
}

function summaryRows(summary: readonly ProbeSummary[], seeds: number): string[][] {
  const names = Object.keys(summary[0]?.figures ?? {});
  const spread = seeds > 1 ? "± sd " : "";
  const head = [
    "labels",
    "images",
    ...names.map((name) => `${FIGURE_NAMES[name] ?? name} ${spread}[95 %]`),
    "last",
  ];
  const rows = summary.map(({ labels, trainImages, figures }) => [
    labels,
    String(trainImages),
    ...names.map((name) => figureText(figures[name]!)),
    digits(figures[names[0]!]!.lastMean),
  ]);
  return [head, ...rows];
}

function figureText({ mean, sd, low, high }: ProbeSummary["figures"][string]): string {
  const spread = sd === null ? "" : ` ± ${digits(sd)}`;
  return `${digits(mean)}${spread} [${digits(low)}, ${digits(high)}]`;
}

function confusionRows({ labels, seed, best }: ProbeCell, classes: readonly string[]): string[][] {
  const head = [`${labels} labels, seed ${seed}: true \\ predicted`, ...classes, "recall"];
  const rows = classes.map((name, c) => [name, ...best.confusion![c]!.map(String), digits(best.recall![c]!)]);
  return [head, ...rows];
}

/** Aligns the first column to the left, the others to the right. */
function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!);
  return rows.map((row) => row.map(pad).join("  ")).join("\n");
}
