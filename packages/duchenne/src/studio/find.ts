/** What lies in the folders given: runs, stores and models, each told by the files in it. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { MODEL_FILES, parseConfig } from "@duchenne/predict";
import { storeFile } from "../store/environment.ts";
import { type RunRecord, readRunRecord, recordOf } from "../train/runRecord.ts";
import type { ModelEntry, Problem, StoreEntry } from "./api.ts";
import { StudioFolderError } from "./errors.ts";
import { isInside, isMissing } from "./fileInside.ts";
import type { Stores } from "./stores.ts";

/** Folders under the one given: `demo/table/runs/<row>` is found from where the demo was called. */
const DEPTH = 4;
/** Of a folder that holds a whole data set the rest is not looked at. */
const MOST_FOLDERS = 4000;

/** Something found, with its real path. */
export interface Found<T> {
  readonly path: string;
  readonly entry: T;
}

export interface FoundRun {
  readonly id: string;
  readonly name: string;
  readonly record: RunRecord;
}

export interface Findings {
  readonly runs: ReadonlyMap<string, Found<FoundRun>>;
  readonly stores: ReadonlyMap<string, Found<StoreEntry>>;
  readonly models: ReadonlyMap<string, Found<ModelEntry>>;
  readonly problems: readonly Problem[];
}

/** @returns real paths @throws StudioFolderError naming the one that is none */
export function checkFolders(folders: readonly string[]): string[] {
  return folders.map((folder) => {
    if (!existsSync(folder)) throw new StudioFolderError(folder, "nothing there");
    if (!statSync(folder).isDirectory()) throw new StudioFolderError(folder, "a file");
    return realpathSync(folder);
  });
}

/** @param folders as `checkFolders` gives them */
export async function findAll(folders: readonly string[], stores: Stores): Promise<Findings> {
  const found = {
    runs: new Map<string, Found<FoundRun>>(),
    stores: new Map<string, Found<StoreEntry>>(),
    models: new Map<string, Found<ModelEntry>>(),
    problems: [] as Problem[],
  };
  for (const folder of folders) {
    for (const path of candidates(folder)) {
      const named = { id: idOf(path), name: relative(folder, path) || basename(path) };
      try {
        if (existsSync(storeFile(path)))
          found.stores.set(named.id, { path, entry: { ...named, ...(await stores.describe(path)) } });
        else if (isModel(path)) found.models.set(named.id, { path, entry: readModel(path, named) });
        else found.runs.set(named.id, { path, entry: { ...named, record: readRunRecord(path) } });
      } catch (error) {
        found.problems.push({ path, message: (error as Error).message });
      }
    }
  }
  return found;
}

/** The same for as long as the folder stays where it is. */
const idOf = (path: string): string => createHash("sha256").update(path).digest("base64url").slice(0, 16);

/** Real paths of folders with a run, a store or a model; what links lead out of the folder is passed over. */
function candidates(root: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>([root]);
  let level = [root];
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      if (existsSync(storeFile(folder)) || isOurs(folder)) found.add(folder);
      else if (depth < DEPTH) below.push(...foldersIn(folder, root, seen));
      if (seen.size > MOST_FOLDERS) break;
    }
    level = below;
  }
  return [...found];
}

function foldersIn(folder: string, root: string, seen: Set<string>): string[] {
  return entriesOf(folder).flatMap((name) => {
    if (name.startsWith(".") || name === "node_modules") return [];
    const path = realFolder(join(folder, name));
    if (path === undefined || seen.has(path) || !isInside(root, path)) return [];
    seen.add(path);
    return [path];
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function realFolder(path: string): string | undefined {
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

const isModel = (folder: string): boolean =>
  (configOf(folder) as { model_type?: unknown }).model_type === "duchenne";

/** An empty object where there is none: whoever needs more says what is wrong. */
function configOf(folder: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(recordOf(folder), "utf8"));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** @throws ModelError naming the field at fault */
function readModel(path: string, named: { id: string; name: string }): ModelEntry {
  const { backbone, classes, heads } = parseConfig(configOf(path), recordOf(path));
  if (!existsSync(join(path, MODEL_FILES.onnx)))
    throw new Error(`a model without ${MODEL_FILES.onnx}: export it anew`);
  return { ...named, architecture: backbone, classes, hasAffect: heads.includes("valence_arousal") };
}

/** The store at a path, however it was written down. */
export function storeAt(stores: Findings["stores"], path: string): string | null {
  const real = realFolder(resolve(path));
  for (const [id, store] of stores) if (store.path === real) return id;
  return null;
}
