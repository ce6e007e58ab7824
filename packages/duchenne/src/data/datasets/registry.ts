import { existsSync } from "node:fs";
import { affectnet } from "./affectnet.ts";
import { classFolders } from "./classFolders.ts";
import { csv } from "./csv.ts";
import { fer2013 } from "./fer2013.ts";
import { ferplus } from "./ferplus.ts";
import { frameTree } from "./frameTree.ts";
import { unreadLabelFiles } from "./labelTables.ts";
import { lfw } from "./lfw.ts";
import { DataError, type DataSet } from "./types.ts";
import { videoFolder } from "./videoFolder.ts";
import { voxceleb } from "./voxceleb.ts";

/** Readers of all known layouts, in the order in which `auto` tries them: special layouts before general ones. */
export const DATASETS = {
  ferplus,
  fer2013,
  affectnet,
  csv,
  lfw,
  voxceleb,
  videoFolder,
  frameTree,
} as const satisfies Record<string, DataSet>;

/** Name of a layout. */
export type DataSetName = keyof typeof DATASETS;

/** Names of all layouts. */
export const DATASET_NAMES = Object.keys(DATASETS) as DataSetName[];

/** Detects the layout of a path. @throws DataError, with the known layouts, if the path is missing or has another layout */
export function detectDataSet(path: string): DataSetName {
  const expected = `a data set in one of these layouts\n${layouts()}`;
  const remedy = "Check the path, or rename files to one of these layouts.";
  if (!existsSync(path))
    throw new DataError({ reason: "missingFile", file: path, expected, received: "nothing there", remedy });
  const name = DATASET_NAMES.find((candidate) => DATASETS[candidate].detect(path));
  if (name !== undefined) return name;
  throw new DataError({ reason: "unreadable", file: path, expected, received: "none of them", remedy });
}

/** Files in `path` that seem to hold labels and that the layout does not read. */
export function ignoredLabelFiles(name: DataSetName, path: string): string[] {
  const { labelFiles }: DataSet = DATASETS[name];
  return unreadLabelFiles(path, labelFiles?.(path) ?? []);
}

/** Folders of `path` that are named after expressions, or their numbers, and that the layout does not read as labels. */
export function ignoredClassFolders(name: DataSetName, path: string): string[] {
  const { labelFiles }: DataSet = DATASETS[name];
  return labelFiles === undefined ? classFolders(path) : [];
}

/** One line per data set, for help and errors. */
export const layouts = (): string =>
  DATASET_NAMES.map((name) => `  ${name.padEnd(12)} ${DATASETS[name].layout}`).join("\n");
