/** Tables and few-label curves of probes. */
import { basename } from "node:path";
import type { ProbeResult, ProbeSummary } from "../../../evaluate/schema/result.ts";
import type { FewLabelPlot, ResultTable, TableCell } from "../data/reportData.ts";
import { CURVE_FIGURES, MEASURES, type Measure } from "./measures.ts";

/** A probe's result and the row it belongs to; a row has several where pre-training was repeated with other seeds. */
export interface NamedResult {
  readonly name: string;
  readonly result: ProbeResult;
  /** Published figures, by the names of a ProbeResult's. */
  readonly reference?: Readonly<Record<string, number>>;
}

const NORMAL_95 = 1.96;
/** A bootstrap by person of fewer has next to nothing to draw from, and a guess among fewer is often right. */
const LEAST_PERSONS = { expression: 3, va: 3, identity: 5 } as const;

/** What a store is called in tables: its folder's name. */
export const storeName = (path: string): string => basename(path).replace(/\.store$/, "");

/** One table for each data set, mode and label budget; the tasks side by side, as in the paper. */
export function resultTables(results: readonly NamedResult[]): ResultTable[] {
  return groups(results, ({ result }) => `${storeName(result.data.store)}, ${result.settings.mode}`).flatMap(
    ([where, members]) =>
      budgetsOf(members).flatMap((labels) => {
        const columns = MEASURES.filter((measure) =>
          members.some((member) => measuredAt(member, measure, labels)),
        );
        return columns.length === 0
          ? []
          : [oneTable(`${where}, ${budgetName(labels)}`, members, columns, labels)];
      }),
  );
}

/** `resultTables`, and the paper's own where its rows were measured on other data than its own. */
export function tablesBesidePaper(results: readonly NamedResult[]): ResultTable[] {
  const rows = groups(results, ({ name }) => name).flatMap(([name, [first]]) =>
    first!.reference ? [{ name, cells: MEASURES.map(({ figure }) => publishedCell(first!, figure)) }] : [],
  );
  const used = MEASURES.map((_, c) => rows.some(({ cells }) => cells[c]));
  const only = <T>(items: readonly T[]): T[] => items.filter((_, c) => used[c]);
  if (rows.length === 0 || results.some(isOnPaperData)) return resultTables(results);
  const published = {
    title: "As published: AffectNet",
    note: "ResNet-50, pre-trained on VoxCeleb1: Shu et al. 2022, arXiv:2210.03853. Other faces, other figures: only the order of rows compares.",
    columns: only(MEASURES).map(({ name, better, unit }) => ({ name, better, unit })),
    rows: rows.map(({ name, cells }) => ({ name, cells: only(cells) })),
    isPublished: true,
  };
  return [...resultTables(results), published];
}

function publishedCell({ reference }: NamedResult, figure: string): TableCell | null {
  const value = reference?.[figure];
  return value === undefined ? null : { value };
}

const isOnPaperData = ({ result }: NamedResult): boolean => result.data.dataset.startsWith("affectnet");

const budgetName = (labels: string): string => (labels === "all" ? "all labels" : `${labels} labels`);

function oneTable(
  title: string,
  members: readonly NamedResult[],
  columns: readonly Measure[],
  labels: string,
): ResultTable {
  const rows = groups(members, ({ name }) => name).map(([name, ofRow]) => ({
    name,
    cells: columns.map((measure) => cellOf(ofRow, measure, labels)),
  }));
  const seeds = Math.max(...members.flatMap(({ result }) => result.summary.map((summary) => summary.seeds)));
  const runs = Math.max(...groups(members, ({ name }) => name).map(([, ofRow]) => pretrainings(ofRow)));
  const isCompared = rows.some(({ cells }) => cells.some((cell) => cell?.reference !== undefined));
  const compared = isCompared ? " “paper”: Shu et al. 2022, ResNet-50 on AffectNet." : "";
  const note =
    `Test images of people not trained on, where people are known. Mean of ${count(seeds, "seed")} of the predictor` +
    `${runs > 1 ? ` and ${count(runs, "pre-training")}` : ""}; intervals: bootstrap over the test set, 95 %.${compared}`;
  const isTooSmall = members.some(({ result }) => hasTooFew(result));
  const warning = isTooSmall ? " Too few people were tested for these figures to stand for others." : "";
  return {
    ...{
      title,
      note: note + warning,
      columns: columns.map(({ name, better, unit }) => ({ name, better, unit })),
      rows,
    },
    ...(isTooSmall && { isTooSmall }),
  };
}

/** Whether fewer people were tested than a figure can stand for, if people are known. */
export const hasTooFew = ({ data: { test }, settings }: ProbeResult): boolean =>
  test.persons > 0 && test.persons < LEAST_PERSONS[settings.task];

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

const pretrainings = (results: readonly NamedResult[]): number =>
  new Set(results.map(({ result }) => result.backbone.digest)).size;

function measuredAt({ result }: NamedResult, measure: Measure, labels: string): ProbeSummary | undefined {
  if (result.settings.task !== measure.task) return undefined;
  return result.summary.find(
    (s) => s.labels === labels && typeof s.figures[measure.figure]?.mean === "number",
  );
}

/**
 * Mean over pre-trainings. The interval joins what the test set leaves open (the mean bootstrap interval) and what the
 * seeds of pre-training do (the standard error of their mean), as variances add.
 */
function cellOf(results: readonly NamedResult[], measure: Measure, labels: string): TableCell | null {
  const figures = results.flatMap((result) => {
    const figure = measuredAt(result, measure, labels)?.figures[measure.figure];
    return figure ? [figure] : [];
  });
  if (figures.length === 0) return null;
  const values = figures.map(({ mean }) => mean!);
  const value = meanOf(values);
  const published =
    labels === "all" && isOnPaperData(results[0]!) ? results[0]!.reference?.[measure.figure] : undefined;
  const reference = published === undefined ? {} : { reference: published };
  if (figures.some(({ low, high }) => low === null || high === null)) return { value, ...reference };
  const spread = NORMAL_95 * standardError(values);
  const below = Math.hypot(value - meanOf(figures.map(({ low }) => low!)), spread);
  const above = Math.hypot(meanOf(figures.map(({ high }) => high!)) - value, spread);
  const [least, greatest] = measure.range;
  return {
    value,
    low: Math.max(least, value - below),
    high: Math.min(greatest, value + above),
    ...reference,
  };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}

/** One plot for each data set, mode and figure that was measured with two numbers of labels or more. */
export function fewLabelPlots(results: readonly NamedResult[]): FewLabelPlot[] {
  return groups(results, ({ result }) => `${storeName(result.data.store)}, ${result.settings.mode}`).flatMap(
    ([where, members]) =>
      MEASURES.filter(({ figure }) => CURVE_FIGURES.includes(figure)).flatMap((measure) => {
        const series = groups(members, ({ name }) => name).flatMap(([name, ofRow]) => {
          const points = curvePoints(ofRow, measure);
          return points.length < 2 ? [] : [{ name, points }];
        });
        if (series.length === 0) return [];
        const { name, unit } = measure;
        return [
          { title: `${name}, ${where}`, metric: unit === "percent" ? `${name}, %` : name, unit, series },
        ];
      }),
  );
}

function curvePoints(
  results: readonly NamedResult[],
  measure: Measure,
): FewLabelPlot["series"][number]["points"] {
  return budgetsOf(results)
    .flatMap((labels) => {
      const cell = cellOf(results, measure, labels);
      const summary = results.map((result) => measuredAt(result, measure, labels)).find(Boolean);
      return cell && summary ? [{ ...cell, labels: summary.trainImages }] : [];
    })
    .sort((a, b) => a.labels - b.labels);
}

function budgetsOf(results: readonly NamedResult[]): string[] {
  return [...new Set(results.flatMap(({ result }) => result.summary.map(({ labels }) => labels)))];
}

/** Items by key, in order of first appearance. */
export function groups<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const members = found.get(key);
    if (members) members.push(item);
    else found.set(key, [item]);
  }
  return [...found];
}
