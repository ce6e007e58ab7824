import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Split } from "../../lib/splitNames.ts";
import { affectNetLabels, readAnnotatedImages } from "./affectnetArrays.ts";
import { csvColumns, csvRows } from "./csvRows.ts";
import { attempt, numberField, type Place } from "./fields.ts";
import { FileFinder } from "./findFile.ts";
import { DataError, type DataSet, type FaceBox, type ReadOptions, type Sample } from "./types.ts";
import { isDirectory, isFile } from "./walk.ts";

const LISTS = [
  ["training.csv", "train"],
  ["validation.csv", "validation"],
] as const;
const IMAGE_FOLDERS = [
  "",
  "Manually_Annotated_Images",
  join("Manually_Annotated", "Manually_Annotated_Images"),
  "images",
];
const PATH = "subdirectory_filepath";
const COLUMNS = [
  PATH,
  ...[
    "face_x",
    "face_y",
    "face_width",
    "face_height",
    "facial_landmarks",
    "expression",
    "valence",
    "arousal",
  ],
];
/** Of AffectNet's 0 to 10, these mean none, uncertain and no face. */
const NO_EXPRESSION = new Set(["8", "9", "10"]);
const ANY_SIZE = [0, 1e5] as const;

/**
 * AffectNet, both releases: lists with face boxes over whole photographs, or cropped images with one `.npy` per label.
 * Rows without one of the eight expressions are left out, as everybody does; a valence or arousal of −2 means none.
 * @see Mollahosseini, Hasani, Mahoor, "AffectNet", IEEE Transactions on Affective Computing 2019
 */
export const affectnet: DataSet = {
  layout: "training.csv, validation.csv; or train_set|val_set/images/<n>.jpg with annotations/<n>_exp.npy",
  facesAreCropped: true,
  personLevel: 0,
  detect: (path) => hasLists(path) || hasArrays(path),
  labelFiles: (path) => LISTS.map(([list]) => join(path, list)),
  read,
};

const hasLists = (path: string): boolean =>
  LISTS.some(([list]) => {
    const columns = csvColumns(join(path, list));
    return columns.includes(PATH) || (columns.length === COLUMNS.length && isFile(join(path, list)));
  });
const hasArrays = (path: string): boolean =>
  ["train_set", "val_set"].some((set) => isDirectory(join(path, set, "annotations")));

async function* read(root: string, options: ReadOptions): AsyncGenerator<Sample> {
  for (const [list, split] of LISTS) {
    if (existsSync(join(root, list))) yield* readList(root, join(root, list), split, options);
  }
  for (const [set, split] of [
    ["train_set", "train"],
    ["val_set", "validation"],
  ] as const) {
    if (isDirectory(join(root, set))) yield* readAnnotatedImages(join(root, set), split, options);
  }
}

async function* readList(
  root: string,
  file: string,
  split: Split,
  options: ReadOptions,
): AsyncGenerator<Sample> {
  // The official validation.csv comes without a header.
  const headerless = csvColumns(file).includes(PATH) ? undefined : COLUMNS;
  const required = [PATH, "expression", "valence", "arousal"];
  const finder = new FileFinder();
  options.onLabelNumbers?.("affectnet", `${file}: column expression`);
  for await (const { fields, line } of csvRows(file, required, options.onProblem, headerless)) {
    if (NO_EXPRESSION.has(fields.expression ?? "")) continue;
    const sample = attempt(() => sampleOf(root, fields, { file, line }, finder), options.onProblem);
    if (sample) yield { ...sample, split };
  }
}

function sampleOf(
  root: string,
  fields: Readonly<Record<string, string>>,
  place: Place,
  finder: FileFinder,
): Sample {
  const box = boxOf(fields, place);
  const path = findImage(root, fields[PATH] ?? "", place, finder);
  return { ...affectNetLabels(fields, place), source: { kind: "still", path, ...(box && { box }) } };
}

function boxOf(fields: Readonly<Record<string, string>>, place: Place): FaceBox | undefined {
  const [left, top, width, height] = ["face_x", "face_y", "face_width", "face_height"].map((name) =>
    numberField(fields[name], name, ANY_SIZE, place),
  );
  if (left === undefined || top === undefined || !width || !height) return undefined;
  return { left, top, width, height };
}

function findImage(root: string, name: string, place: Place, finder: FileFinder): string {
  const found = IMAGE_FOLDERS.map((folder) => finder.find(join(root, folder), name)).find(isFile);
  if (found !== undefined) return found;
  throw new DataError({
    reason: "missingFile",
    ...place,
    expected: `an image ${name}`,
    received: "no such file",
  });
}
