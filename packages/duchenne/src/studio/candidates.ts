/** Which folders may hold a run, a store, a model or a saved probe. */
import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { storeFile } from "../data/store/environment.ts";
import { recordOf } from "../ssl/run/runRecord.ts";
import { isInside, isMissing } from "./fileInside.ts";

/** Folders under the one given: `demo/table/runs/<row>` is found from where the demo was called. */
const DEPTH = 4;
/** Limits the search of a folder that holds a whole data set. */
const MOST_FOLDERS = 1000;

/**
 * Real paths of folders with a run, a store, a model or a saved probe; links that lead out of the folder are skipped.
 * @param onTooMany called if there are more folders than `most`
 * @param most largest number of folders to search
 */
export function candidates(
  root: string,
  onTooMany: (message: string) => void,
  most: number = MOST_FOLDERS,
): string[] {
  const found = new Set<string>();
  const seen = new Set<string>([root]);
  let level = [root];
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      if (existsSync(storeFile(folder)) || isOurs(folder) || isProbe(folder)) found.add(folder);
      else if (depth < DEPTH && seen.size < most) below.push(...foldersIn(folder, root, seen));
    }
    level = below;
  }
  if (seen.size >= most)
    onTooMany(
      `expected at most ${most} folders, received more; the rest was not searched. Name the folders with runs, stores and models.`,
    );
  return [...found];
}

function foldersIn(folder: string, root: string, seen: Set<string>): string[] {
  return entriesOf(folder).flatMap((entry) => {
    if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
    if (!entry.isDirectory() && !entry.isSymbolicLink()) return [];
    const path = realFolder(join(folder, entry.name));
    if (path === undefined || seen.has(path) || !isInside(root, path)) return [];
    seen.add(path);
    return [path];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The real path of a folder; undefined if it is no folder. */
export function realFolder(path: string): string | undefined {
  try {
    return statSync(path).isDirectory() ? realpathSync(path) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether a folder's config.json is a run's or a model's: many other programs have a file of that name. */
function isOurs(folder: string): boolean {
  const path = recordOf(folder);
  if (!existsSync(path) || !statSync(path).isFile()) return false;
  const { format, model_type } = configOf(folder) as { format?: unknown; model_type?: unknown };
  return format === "duchenne-run" || model_type === "duchenne";
}

/** The file of a saved probe that tells about it. */
export const PROBE_FILE = "probe.json";

/** Whether a folder is a saved probe: its file's format comes first. */
function isProbe(folder: string): boolean {
  const path = join(folder, PROBE_FILE);
  if (!existsSync(path) || !statSync(path).isFile()) return false;
  return /^\s*\{\s*"format"\s*:\s*"duchenne-predictor"/.test(readFileSync(path, "utf8"));
}

/** Content of a folder's config.json; an empty object if there is none or it is no JSON object. */
export function configOf(folder: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(recordOf(folder), "utf8"));
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return {};
    throw error;
  }
}
