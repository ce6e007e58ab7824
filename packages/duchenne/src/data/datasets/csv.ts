import { dirname } from "node:path";
import { mediaKindOf } from "@duchenne/face";
import { type ExpressionOrder, expressionNumber, parseExpressionWord } from "../../lib/expressions.ts";
import { KNOWN_SPLITS, parseSplit, type Split } from "../../lib/splitNames.ts";
import { type CsvRow, csvColumns, csvRows } from "./csvRows.ts";
import { attempt, labelFields, numberField, orderChoices, type Place, withPlace } from "./fields.ts";
import { FileFinder } from "./findFile.ts";
import { FRAME_TREE_RATE_HZ } from "./frameTree.ts";
import {
  type ChosenColumns,
  chooseColumns,
  EXPECTED_HEADER,
  type LabelColumn,
  labelColumn,
} from "./labelColumns.ts";
import { findLabelTable, isTableName } from "./labelTables.ts";
import { readTableHead, type TableHead } from "./tableHead.ts";
import { DataError, type DataSet, type ReadOptions, type Sample, type SampleSource } from "./types.ts";
import { type VoteColumn, voteColumns, voteLabels } from "./votes.ts";
import { isDirectory, isFile } from "./walk.ts";

const ONE_DAY_SECONDS = 86_400;

/**
 * Your own table: `path` of an image, a video or a folder of frames, relative to the table; and any of `time` (seconds),
 * `expression`, `valence`, `arousal`, `intensity`, `subject`, `split`, under these or other usual names; or the votes of several raters, one column
 * for each expression (neutral, happiness, …, unknown, NF). Other columns are named and ignored. The labels.csv of `duchenne synth` is one of these.
 */
export const csv: DataSet = {
  layout:
    "labels.csv or <any>.csv|tsv|txt: path[,time][,expression][,valence][,arousal][,intensity][,subject][,split]",
  facesAreCropped: false,
  personLevel: 0,
  detect: (path) =>
    isDirectory(path)
      ? findLabelTable(path) !== undefined
      : isTableName(path) || csvColumns(path).some((name) => labelColumn(name) === "path"),
  labelFiles: (path) => [tableOf(path)],
  read,
};

/** @throws DataError if the folder has no labels file, or several */
function tableOf(path: string): string {
  const table = isDirectory(path) ? findLabelTable(path) : path;
  if (table !== undefined) return table;
  const expected = `labels.csv: ${EXPECTED_HEADER}`;
  const remedy = "Add the file, or choose another `dataset`.";
  throw new DataError({
    reason: "missingFile",
    file: path,
    expected,
    received: "no such file",
    remedy,
    isFatal: true,
  });
}

async function* read(path: string, options: ReadOptions): AsyncGenerator<Sample> {
  const file = tableOf(path);
  const head = readTableHead(file);
  const columns = chooseColumns(head.columns);
  checkHeader(file, head, columns);
  const votes = voteColumns(head.columns).map(({ index }) => head.columns[index]!);
  const ignored = columns.ignored.filter((name) => !votes.includes(name));
  if (ignored.length > 0) options.onNotice?.(`${file}: ignored columns: ${fewOf(ignored)}`);
  const named = ignored.filter((name) => parseExpressionWord(name) !== undefined);
  if (named.length > 1)
    options.onNotice?.(`${file}: not read as votes, because an expression has two columns: ${fewOf(named)}`);
  if (votes.length > 0) options.onNotice?.(`${file}: columns read as votes: ${votes.join(", ")}`);
  const reader = new RowReader(file, head, columns, options);
  for await (const row of csvRows(file, [], options.onProblem)) {
    const sample = attempt(() => reader.sampleOf(row), options.onProblem);
    if (sample) yield withPlace(sample, { file, line: row.line });
  }
}

/** @throws DataError if the table has no header with a path */
function checkHeader(file: string, { header, headerLine }: TableHead, { indices }: ChosenColumns): void {
  if (indices.has("path")) return;
  throw new DataError({
    reason: "wrongColumns",
    file,
    line: Math.max(1, headerLine),
    expected: EXPECTED_HEADER,
    received: header === "" ? "an empty file" : `"${header.slice(0, 200)}"`,
    remedy: "Write the names of the columns into the first line, for example path,expression.",
    isFatal: true,
  });
}

/** Turns rows into samples. */
class RowReader {
  readonly #file: string;
  readonly #head: TableHead;
  readonly #columns: ChosenColumns;
  readonly #votes: readonly VoteColumn[];
  readonly #options: ReadOptions;
  readonly #finder = new FileFinder();
  #order: ExpressionOrder | undefined;
  /** Rows of a video follow each other. */
  #last: { name: string; source: SampleSource } | undefined;

  constructor(file: string, head: TableHead, columns: ChosenColumns, options: ReadOptions) {
    this.#file = file;
    this.#head = head;
    this.#columns = columns;
    this.#votes = voteColumns(head.columns);
    this.#options = options;
  }

  /** @throws DataError if the row cannot be used; a fatal one if no row like it can */
  sampleOf({ values, line }: CsvRow): Sample {
    const place = { file: this.#file, line };
    const field = (column: LabelColumn) => values[this.#columns.indices.get(column) ?? -1] ?? "";
    const numbers = (column: LabelColumn) => this.#withPoint(field(column));
    const [expression, subject] = [field("expression"), field("subject")];
    // Before the rest: an unknown split ends the run, whatever else is wrong with the row.
    const split = splitField(field("split"), place);
    const timeSeconds = numberField(numbers("time"), "time", [0, ONE_DAY_SECONDS], place);
    const [valence, arousal, intensity] = [numbers("valence"), numbers("arousal"), numbers("intensity")];
    return {
      source: this.#sourceOf(field("path"), place),
      ...(this.#votes.length > 0 &&
        voteLabels(
          this.#votes,
          values.map((text) => this.#withPoint(text)),
          place,
        )),
      ...labelFields({ expression, valence, arousal, intensity }, place, this.#orderFor(expression, place)),
      ...(timeSeconds !== undefined && { timeSeconds }),
      ...(subject !== "" && { subject }),
      ...(split !== undefined && { split }),
    };
  }

  /** Tables whose delimiter is no comma may have decimal commas. */
  #withPoint(text: string): string {
    return this.#head.delimiter === "," ? text : text.replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
  }

  #sourceOf(name: string, place: Place): SampleSource {
    if (this.#last?.name !== name) this.#last = { name, source: this.#findSource(name, place) };
    return this.#last.source;
  }

  #findSource(name: string, place: Place): SampleSource {
    const path = this.#finder.find(dirname(this.#file), name);
    const kind = isFile(path) ? mediaKindOf(path) : undefined;
    if (kind !== undefined) return { kind: kind === "film" ? "video" : "still", path };
    if (name !== "" && isDirectory(path)) return { kind: "frames", path, frameRateHz: FRAME_TREE_RATE_HZ };
    const received = isFile(path) ? "a file of another kind" : "no such file";
    const expected = `an image or video "${name}"`;
    throw new DataError({ reason: "missingFile", ...place, expected, received });
  }

  /** The order of a label that is a number; asked for, or by the name of the column. */
  #orderFor(label: string, place: Place): ExpressionOrder | undefined {
    if (expressionNumber(label) === undefined) return undefined;
    if (this.#order === undefined) {
      const column = this.#head.columns[this.#columns.indices.get("expression")!]!;
      this.#order = this.#options.labelNumbers ?? orderOfColumn(column, label, place);
      this.#options.onLabelNumbers?.(this.#order, `${place.file}: column ${column}`);
    }
    return this.#order;
  }
}

/** AffectNet calls its column of numbers `expression`, FER2013 `emotion`. @throws DataError for any other name */
function orderOfColumn(column: string, label: string, place: Place): ExpressionOrder {
  if (/^exp/i.test(column)) return "affectnet";
  if (/^emo/i.test(column)) return "fer2013";
  throw new DataError({
    reason: "badExpression",
    ...place,
    expected: `expressions as words in column ${column}, or numbers whose order is known`,
    received: `"${label}"`,
    remedy:
      `Add ${orderChoices()}. ` +
      "Or rename the column: expression has AffectNet's numbers, emotion FER2013's.",
    isFatal: true,
  });
}

/**
 * @returns undefined for an empty field
 * @throws DataError, a fatal one: with a part of the data under an unknown name, the others are not the data set's parts
 */
function splitField(text: string, place: Place): Split | undefined {
  const split = parseSplit(text);
  if (split !== undefined || text === "") return split;
  const expected = `split as ${KNOWN_SPLITS}, or empty`;
  throw new DataError({ reason: "badSplit", ...place, expected, received: `"${text}"`, isFatal: true });
}

const MOST_NAMES = 6;

/** The first of many names, and how many more there are: tables of other programs have hundreds of columns. */
function fewOf(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${rest} more` : names.join(", ");
}
