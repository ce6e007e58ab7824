import { dirname, isAbsolute, join } from "node:path";
import { mediaKindOf } from "@duchenne/face";
import { type CsvRow, csvColumns, csvRows } from "./csvRows.ts";
import { attempt, labelFields, numberField } from "./fields.ts";
import { FRAME_TREE_RATE_HZ } from "./frameTree.ts";
import { DataError, type DataSet, type ReadOptions, type Sample, type SampleSource } from "./types.ts";
import { isDirectory, isFile } from "./walk.ts";

const FILE_NAME = "labels.csv";
const ONE_DAY_SECONDS = 86_400;

/**
 * Your own CSV: `path` of an image, a video or a folder of frames, relative to the CSV; and any of `time` (seconds),
 * `expression`, `valence`, `arousal`, `intensity`, `subject`, `split`. Other columns are left alone. The cast's
 * labels.csv is one of these.
 */
export const csv: DataSet = {
  layout:
    "labels.csv or <any>.csv: path[,time][,expression][,valence][,arousal][,intensity][,subject][,split]",
  facesAreCropped: false,
  personLevel: 0,
  detect: (path) => csvColumns(csvFile(path)).includes("path"),
  read,
};

const csvFile = (path: string): string => (isDirectory(path) ? join(path, FILE_NAME) : path);

async function* read(path: string, options: ReadOptions): AsyncGenerator<Sample> {
  const file = csvFile(path);
  for await (const row of csvRows(file, ["path"], options.onProblem)) {
    const sample = attempt(() => sampleOf(file, row), options.onProblem);
    if (sample) yield sample;
  }
}

function sampleOf(file: string, { fields, line }: CsvRow): Sample {
  const place = { file, line };
  const timeSeconds = numberField(fields.time, "time", [0, ONE_DAY_SECONDS], place);
  return {
    source: sourceOf(file, fields.path ?? "", line),
    ...labelFields(fields, place),
    ...(timeSeconds !== undefined && { timeSeconds }),
    ...(fields.subject && { subject: fields.subject }),
    ...(fields.split && { split: splitName(fields.split) }),
  };
}

/** "valid" and "val" mean the validation part; other names are the user's own. */
const splitName = (text: string): string => (/^val(id)?$/i.test(text) ? "validation" : text);

function sourceOf(file: string, name: string, line: number): SampleSource {
  const path = isAbsolute(name) ? name : join(dirname(file), name);
  const kind = isFile(path) ? mediaKindOf(path) : undefined;
  if (kind !== undefined) return { kind: kind === "film" ? "video" : "still", path };
  if (name !== "" && isDirectory(path)) return { kind: "frames", path, frameRateHz: FRAME_TREE_RATE_HZ };
  const received = isFile(path) ? "a file of another kind" : "no such file";
  throw new DataError({
    reason: "missingFile",
    file,
    line,
    expected: `an image or video "${name}"`,
    received,
  });
}
