import { join } from "node:path";
import type { Expression } from "../../lib/expressions.ts";
import type { Split } from "../../lib/splitNames.ts";
import { type CsvRow, csvColumns, csvRows } from "./csvRows.ts";
import { ferCsv, pixelSource, splitOf } from "./fer2013.ts";
import { attempt, numberField } from "./fields.ts";
import { FileFinder } from "./findFile.ts";
import { DataError, type DataSet, type ReadOptions, type Sample } from "./types.ts";
import { isFile } from "./walk.ts";

const VOTES = "fer2013new.csv";
const VOTERS = 10;
const COLUMNS: readonly (readonly [column: string, expression: Expression | undefined])[] = [
  ["neutral", "neutral"],
  ["happiness", "happy"],
  ["surprise", "surprise"],
  ["sadness", "sad"],
  ["anger", "anger"],
  ["disgust", "disgust"],
  ["fear", "fear"],
  ["contempt", "contempt"],
  ["unknown", undefined],
  ["nf", undefined],
];
/** Folders of the images that FER+'s own script writes. */
const IMAGE_FOLDERS: Readonly<Record<Split, string>> = {
  train: "FER2013Train",
  validation: "FER2013Valid",
  test: "FER2013Test",
};

type Label = { expression: Expression; split: Split; image: string };

/**
 * FER2013 with FER+'s votes: ten people each, by majority. As its authors do, single votes are dropped as outliers and
 * images without more than half of the votes left on one expression are left out, as are "unknown" and "no face".
 * @see Barsoum, Zhang, Canton Ferrer, Zhang, ICMI 2016, section 4 (majority voting)
 */
export const ferplus: DataSet = {
  layout: "fer2013new.csv beside fer2013.csv, or beside FER2013Train|Valid|Test/fer0000000.png",
  facesAreCropped: true,
  personLevel: 0,
  detect: (path) => csvColumns(join(path, VOTES)).includes("nf"),
  labelFiles: (path) => [join(path, VOTES), ...[ferCsv(path)].filter((file) => file !== undefined)],
  read,
};

async function* read(root: string, options: ReadOptions): AsyncGenerator<Sample> {
  const labels = await readVotes(join(root, VOTES), options);
  const file = ferCsv(root);
  if (file === undefined) yield* readImages(root, labels, options);
  else yield* readPixels(file, labels, options);
}

/** Labels by line: the two files have the same rows. */
async function readVotes(file: string, options: ReadOptions): Promise<Map<number, Label>> {
  const labels = new Map<number, Label>();
  const required = ["usage", "image name", ...COLUMNS.map(([column]) => column)];
  for await (const row of csvRows(file, required, options.onProblem)) {
    const label = attempt(() => {
      const expression = majority(row, file);
      return expression && { expression, split: splitOf(row, file), image: row.fields["image name"] ?? "" };
    }, options.onProblem);
    if (label) labels.set(row.line, label);
  }
  return labels;
}

function majority(row: CsvRow, file: string): Expression | undefined {
  const place = { file, line: row.line };
  const votes = COLUMNS.map(([column]) => numberField(row.fields[column], column, [0, VOTERS], place) ?? 0);
  const counted = votes.map((count) => (count > 1 ? count : 0));
  const total = counted.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...counted);
  return most > total / 2 ? COLUMNS[counted.indexOf(most)]![1] : undefined;
}

async function* readPixels(
  file: string,
  labels: Map<number, Label>,
  options: ReadOptions,
): AsyncGenerator<Sample> {
  for await (const row of csvRows(file, ["pixels"], options.onProblem)) {
    const label = labels.get(row.line);
    if (label === undefined) continue;
    const source = attempt(() => pixelSource(file, row), options.onProblem);
    if (source) yield { source, expression: label.expression, split: label.split };
  }
}

async function* readImages(
  root: string,
  labels: Map<number, Label>,
  options: ReadOptions,
): AsyncGenerator<Sample> {
  const finder = new FileFinder();
  for (const [line, { expression, split, image }] of labels) {
    const path = finder.find(join(root, IMAGE_FOLDERS[split]), image);
    if (isFile(path)) yield { source: { kind: "still", path }, expression, split };
    else {
      const about = { file: join(root, VOTES), line, expected: `an image ${path}`, received: "no such file" };
      options.onProblem(new DataError({ reason: "missingFile", ...about }));
    }
  }
}
