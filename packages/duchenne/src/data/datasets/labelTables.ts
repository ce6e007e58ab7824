/** Which file of a folder holds the labels, and which look as if they did but are not read. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { mediaKindOfName } from "@duchenne/face";
import { FileFinder } from "./findFile.ts";
import { splitLine } from "./tableHead.ts";
import { readHead } from "./textFile.ts";
import { DataError } from "./types.ts";
import { exists, isDirectory, walk } from "./walk.ts";

const TABLE = /\.(csv|tsv|tab|txt)$/i;
const LABELS = /^labels\.(csv|tsv|tab|txt)$/i;
/** Labels in a form that is not read. */
const OTHER_LABELS = /^(labels?|annotations?)\.(json|jsonl|xlsx?|ods|parquet|ya?ml|pkl)$/i;
/** Lines that are looked at to see whether a table names files beside it. */
const SAMPLED_LINES = 20;
const SAMPLED_FOLDERS = 200;

export const isTableName = (name: string): boolean => TABLE.test(name);

/**
 * The labels file of a folder: labels.csv (tsv, tab, txt), or else the one table that names images or videos of the folder.
 * @returns undefined if there is none @throws DataError if there are several
 */
export function findLabelTable(folder: string): string | undefined {
  const names = tableNames(folder);
  const own = names.find((name) => LABELS.test(name));
  if (own !== undefined) return join(folder, own);
  const listing = names.filter((name) => namesFiles(join(folder, name)));
  if (listing.length <= 1) return listing[0] && join(folder, listing[0]);
  throw new DataError({
    reason: "badLabelFile",
    file: folder,
    expected: "one labels file",
    received: listing.join(", "),
    remedy: "Join them in one labels.csv with a column split, or run prepare on the file to read.",
    isFatal: true,
  });
}

/** Files named as tables; none for a path that is no folder. `labels.csv` comes before `labels.txt`. */
function tableNames(folder: string): string[] {
  if (!isDirectory(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith(".") && isTableName(name) && !isDirectory(join(folder, name)))
    .sort();
}

/** True if one of the first rows names an image or a video that exists; what `duchenne predict` wrote is no label. */
function namesFiles(file: string): boolean {
  const [folder, finder] = [dirname(file), new FileFinder()];
  const lines = linesOf(file);
  if (/^path,frame,time,track,/.test(lines[0] ?? "")) return false;
  return lines.some((line) =>
    [",", ";", "\t", "|", " "].some((delimiter) =>
      splitLine(line, delimiter).some((cell) => isMedia(cell) && exists(finder.find(folder, cell))),
    ),
  );
}

function linesOf(file: string): string[] {
  try {
    return readHead(file).lines.slice(0, SAMPLED_LINES);
  } catch (error) {
    if (error instanceof DataError) return [];
    throw error;
  }
}

const isMedia = (name: string): boolean => mediaKindOfName(name) !== undefined;

/**
 * Files in and below a folder that seem to hold labels and that a layout does not read.
 * @param read the layout's own label files
 */
export function unreadLabelFiles(root: string, read: readonly string[]): string[] {
  const found: string[] = [];
  if (!isDirectory(root)) return found;
  let visited = 0;
  for (const { path, files } of walk(root, () => {})) {
    if (visited++ === SAMPLED_FOLDERS) break;
    for (const name of files) {
      const file = join(path, name);
      // Any text may end in .txt, and deeper tables may be about anything.
      const isListed = path === root && isTableName(name) && !/\.txt$/i.test(name);
      const isLabels = isListed || OTHER_LABELS.test(name) || (isTableName(name) && namesFiles(file));
      if (isLabels && !read.includes(file)) found.push(file);
    }
  }
  return found;
}
