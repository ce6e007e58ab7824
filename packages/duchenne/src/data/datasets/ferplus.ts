import { join } from "node:path";
import type { Split } from "../../lib/splitNames.ts";
import type { FrameLabels } from "../store/record.ts";
import { csvColumns, csvRows } from "./csvRows.ts";
import { ferCsv, pixelSource, splitOf } from "./fer2013.ts";
import { attempt } from "./fields.ts";
import { FileFinder } from "./findFile.ts";
import { DataError, type DataSet, type ReadOptions, type Sample } from "./types.ts";
import { voteColumns, voteLabels } from "./votes.ts";
import { isFile } from "./walk.ts";

const VOTES = "fer2013new.csv";
const RATERS = 10;
/** Columns of votes. */
const COLUMNS = [
  ...["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"],
  ...["unknown", "nf"],
];
/** Folders of the images that FER+'s own script writes. */
const IMAGE_FOLDERS: Readonly<Record<Split, string>> = {
  train: "FER2013Train",
  validation: "FER2013Valid",
  test: "FER2013Test",
};

type Label = Pick<FrameLabels, "expression" | "votes"> & { split: Split; image: string };

/**
 * FER2013 with FER+'s votes, of ten people each: the votes, and the expression of the majority. As its authors do, images without a
 * majority are left out, as are "unknown" and "no face".
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
  const columns = voteColumns(csvColumns(file));
  for await (const row of csvRows(file, ["usage", "image name", ...COLUMNS], options.onProblem)) {
    const label = attempt(() => {
      const labels = voteLabels(columns, row.values, { file, line: row.line }, RATERS);
      if (labels.expression === undefined) return undefined;
      return { ...labels, split: splitOf(row, file), image: row.fields["image name"] ?? "" };
    }, options.onProblem);
    if (label) labels.set(row.line, label);
  }
  return labels;
}

async function* readPixels(
  file: string,
  votes: Map<number, Label>,
  options: ReadOptions,
): AsyncGenerator<Sample> {
  for await (const row of csvRows(file, ["pixels"], options.onProblem)) {
    const label = votes.get(row.line);
    if (label === undefined) continue;
    const source = attempt(() => pixelSource(file, row), options.onProblem);
    const { image: _, ...labels } = label;
    if (source) yield { source, ...labels };
  }
}

async function* readImages(
  root: string,
  labels: Map<number, Label>,
  options: ReadOptions,
): AsyncGenerator<Sample> {
  const finder = new FileFinder();
  for (const [line, { image, ...label }] of labels) {
    const path = finder.find(join(root, IMAGE_FOLDERS[label.split]), image);
    if (isFile(path)) yield { source: { kind: "still", path }, ...label };
    else {
      const about = { file: join(root, VOTES), line, expected: `an image ${path}`, received: "no such file" };
      options.onProblem(new DataError({ reason: "missingFile", ...about }));
    }
  }
}
