/** Runs, stores, models and saved probes in the given folders, recognised by their files. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { MODEL_FILES, parseConfig } from "@duchenne/predict";
import { storeFile } from "../data/store/environment.ts";
import { readCardFacts } from "../deploy/export/cardFacts.ts";
import type { ShippedModel } from "../deploy/predict/shippedModel.ts";
import { type RunRecord, readRunRecord, recordOf } from "../ssl/run/runRecord.ts";
import { candidates, configOf, PROBE_FILE, realFolder } from "./candidates.ts";
import type { Entry, ModelEntry, ProbeEntry, Problem, StoreEntry } from "./contract/api.ts";
import { StudioFolderError } from "./contract/errors.ts";
import type { Stores } from "./stores.ts";

/** Something found, with its real path. */
export interface Found<T> {
  readonly path: string;
  readonly entry: T;
}

/** A run and its record. */
export interface FoundRun extends Entry {
  readonly record: RunRecord;
}

/** Everything found in the folders, by id. */
export interface Findings {
  readonly runs: ReadonlyMap<string, Found<FoundRun>>;
  readonly stores: ReadonlyMap<string, Found<StoreEntry>>;
  readonly models: ReadonlyMap<string, Found<ModelEntry>>;
  readonly probes: ReadonlyMap<string, Found<ProbeEntry>>;
  readonly problems: readonly Problem[];
}

/** @returns real paths @throws StudioFolderError if one is missing or a file */
export function checkFolders(folders: readonly string[]): string[] {
  return folders.map((folder) => {
    if (!existsSync(folder)) throw new StudioFolderError(folder, "nothing there");
    if (!statSync(folder).isDirectory()) throw new StudioFolderError(folder, "a file");
    return realpathSync(folder);
  });
}

interface Finds extends Findings {
  readonly runs: Map<string, Found<FoundRun>>;
  readonly stores: Map<string, Found<StoreEntry>>;
  readonly models: Map<string, Found<ModelEntry>>;
  readonly probes: Map<string, Found<ProbeEntry>>;
  readonly problems: Problem[];
}

/** Searches folders. @param folders from `checkFolders`   @param shipped the installed model, which comes last */
export async function findAll(
  folders: readonly string[],
  stores: Stores,
  shipped?: ShippedModel,
): Promise<Findings> {
  const finds: Finds = {
    ...{ runs: new Map(), stores: new Map(), models: new Map(), probes: new Map() },
    problems: [],
  };
  const tryToAdd = async (path: string, name: string) => {
    try {
      await add(finds, path, { id: idOf(path), name }, stores);
    } catch (error) {
      finds.problems.push({ path, message: (error as Error).message });
    }
  };
  for (const folder of folders) {
    const paths = candidates(folder, (message) => finds.problems.push({ path: folder, message }));
    for (const path of paths) await tryToAdd(path, relative(folder, path) || basename(path));
  }
  if (shipped) await tryToAdd(realpathSync(shipped.folder), `${shipped.name} ${shipped.version}`);
  return finds;
}

/** @throws StoreError, ModelError, RunFolderError if it cannot be read */
async function add(finds: Finds, path: string, named: Entry, stores: Stores): Promise<void> {
  if (existsSync(storeFile(path)))
    finds.stores.set(named.id, { path, entry: { ...named, ...(await stores.describe(path)) } });
  else if (existsSync(join(path, PROBE_FILE)))
    finds.probes.set(named.id, { path, entry: readProbe(path, named) });
  else if (isModel(path)) finds.models.set(named.id, { path, entry: readModel(path, named) });
  else finds.runs.set(named.id, { path, entry: { ...named, record: readRunRecord(path) } });
}

/** Stable as long as the folder is not moved. */
const idOf = (path: string): string => createHash("sha256").update(path).digest("base64url").slice(0, 16);

const isModel = (folder: string): boolean =>
  (configOf(folder) as { model_type?: unknown }).model_type === "duchenne";

/** @throws ModelError naming the field at fault */
function readModel(path: string, named: Entry): ModelEntry {
  const config = configOf(path);
  const { backbone, classes, heads } = parseConfig(config, recordOf(path));
  const { origin, data, figures } = readCardFacts(config);
  if (!existsSync(join(path, MODEL_FILES.onnx)))
    throw new Error(
      `${path}: expected a model with ${MODEL_FILES.onnx}, received one without it. Export it again.`,
    );
  return {
    ...named,
    ...{ architecture: backbone, classes, hasAffect: heads.includes("valence_arousal"), origin },
    learnedFrom: [...new Set(data.map(({ licence }) => licence))],
    macroF1: figures.macroF1 ?? null,
  };
}

/** What a saved probe predicts; its weights are read when they are used. */
function readProbe(path: string, named: Entry): ProbeEntry {
  const file = join(path, PROBE_FILE);
  const { task } = JSON.parse(readFileSync(file, "utf8")) as { task?: unknown };
  if (task === "expression" || task === "va") return { ...named, task };
  throw new Error(
    `${file}: expected the task expression or va, received ${JSON.stringify(task)}. Save the probe again.`,
  );
}

/** Id of the store at a path; null if it was not found. */
export function storeAt(stores: Findings["stores"], path: string): string | null {
  const real = realFolder(resolve(path));
  for (const [id, store] of stores) if (store.path === real) return id;
  return null;
}
