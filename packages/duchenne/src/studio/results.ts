/** Results of probes in the given folders, one row for each label budget. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { storeFile } from "../data/store/environment.ts";
import { readProbeResult } from "../evaluate/results/resultFile.ts";
import type { ProbeResult } from "../evaluate/schema/result.ts";
import { TABLE_NAME, tableFileSchema } from "../report/page/collect/tableFile.ts";
import { hasTooFew } from "../report/page/collect/tables.ts";
import { currentRowName } from "../report/page/data/rowNames.ts";
import { realFolder } from "./candidates.ts";
import type { Problem, ResultRow, RunEntry } from "./contract/api.ts";
import { isMissing } from "./fileInside.ts";
import { versionOf } from "./versionOf.ts";

const DEPTH = 4;
const MOST_FOLDERS = 1000;
/** The field `format` comes first in a result file. */
const HEAD_BYTES = 64;
const MARK = '"format":"duchenne-probe"';

/** Reads results, and remembers those whose files did not change. */
export class Results {
  readonly #known = new Map<string, { readonly version: string; readonly result: ProbeResult }>();

  /** @param folders from `checkFolders`   @param runs their paths by id, to name the run that a result is of */
  read(
    folders: readonly string[],
    runs: ReadonlyMap<string, string>,
  ): { rows: ResultRow[]; problems: Problem[] } {
    const [rows, problems]: [ResultRow[], Problem[]] = [[], []];
    for (const root of folders)
      for (const file of resultFiles(root)) {
        try {
          rows.push(...rowsOf(this.#read(file), relative(root, file), nameIn(file), runs));
        } catch (error) {
          problems.push({ path: file, message: (error as Error).message });
        }
      }
    return { rows, problems };
  }

  #read(file: string): ProbeResult {
    const version = versionOf(file);
    const known = this.#known.get(file);
    if (known?.version === version) return known.result;
    const result = readProbeResult(file);
    this.#known.set(file, { version, result });
    return result;
  }
}

function resultFiles(root: string): string[] {
  const found: string[] = [];
  let level = [root];
  let seen = 0;
  for (let depth = 0; depth <= DEPTH && seen < MOST_FOLDERS; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      if (++seen > MOST_FOLDERS || existsSync(storeFile(folder))) continue;
      for (const entry of entriesOf(folder)) {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !/^\.|^node_modules$|^checkpoints$/.test(entry.name)) below.push(path);
        else if (entry.isFile() && entry.name.endsWith(".json") && isResult(path)) found.push(path);
      }
    }
    level = below;
  }
  return found.sort();
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isResult(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const length = readSync(file, head, 0, HEAD_BYTES, 0);
    return head.toString("utf8", 0, length).replaceAll(/\s/g, "").includes(MARK);
  } finally {
    closeSync(file);
  }
}

/** Name of a result's row in the table of a reproduction; null outside of one. */
function nameIn(file: string): string | null {
  const table = join(dirname(dirname(file)), TABLE_NAME);
  if (basename(dirname(file)) !== "results" || !existsSync(table) || !statSync(table).isFile()) return null;
  const parsed = tableFileSchema.safeParse(JSON.parse(readFileSync(table, "utf8")));
  const row = parsed.data?.rows.find(({ slug }) => basename(file).startsWith(`${slug}-`));
  return row ? currentRowName(row.name) : null;
}

function rowsOf(
  result: ProbeResult,
  file: string,
  name: string | null,
  runs: ReadonlyMap<string, string>,
): ResultRow[] {
  const { backbone, data, settings, summary, complete } = result;
  const runId = runOf(backbone, runs);
  const { task, mode, labels: _, seed, classes, ...others } = settings;
  return summary.map(({ labels, trainImages, seeds, figures }) => ({
    id: `${file}#${labels}`,
    file,
    name: backbone.description,
    rowName: name,
    runId,
    isComplete: complete,
    isTooSmall: hasTooFew(result),
    origin: data.origin?.people ?? "unknown",
    settings: {
      store: basename(data.store),
      ...{ task, mode, labels, trainImages, seeds, seed, arch: backbone.arch, size: backbone.size },
      ...{
        testImages: data.test.images,
        testPersons: data.test.persons,
        classes: classes?.join(" ") ?? null,
      },
      ...Object.fromEntries(Object.entries(others).map(([key, value]) => [`probe.${key}`, value])),
    },
    figures: Object.fromEntries(
      Object.entries(figures).map(([key, { mean, low, high }]) => [key, { value: mean, low, high }]),
    ),
  }));
}

/** The run whose weights were probed, also by one of its checkpoints. */
function runOf(
  { from, description }: ProbeResult["backbone"],
  runs: ReadonlyMap<string, string>,
): RunEntry["id"] | null {
  const path = from ?? / from (.+)$/.exec(description)?.[1];
  if (path === undefined) return null;
  const real = realFolder(resolve(path));
  for (const [id, run] of runs) if (real === run || real?.startsWith(`${run}/`)) return id;
  return null;
}
