/** Reads the paths given to `duchenne report`: runs, results of probes, or the folder of a table. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type ProbeResult, probeResultSchema } from "../../../evaluate/schema/result.ts";
import { ExplainedError } from "../../../lib/errors.ts";
import { isRun } from "../../../ssl/run/runRecord.ts";
import { currentRowName } from "../data/rowNames.ts";
import type { NamedRun } from "./runs.ts";
import { TABLE_NAME, type TableFile, tableFileSchema } from "./tableFile.ts";
import type { NamedResult } from "./tables.ts";

/** A path or file that cannot be part of a report. */
export class ReportError extends ExplainedError {
  override readonly name = "ReportError";
  constructor(path: string, expected: string, received: string, remedy: string = "Check the path.") {
    super(path, expected, received, remedy);
  }
}

/** Runs and results found in the paths given to `duchenne report`. */
export interface FoundInputs {
  readonly runs: NamedRun[];
  readonly results: NamedResult[];
}

const EXPECTED =
  "a run, a result of `duchenne probe`, a folder of these, or a folder of `duchenne reproduce`";

/**
 * Finds runs and results, also in folders of them.
 * @throws ReportError if a path has neither, or a file is damaged
 */
export function readInputs(paths: readonly string[]): FoundInputs {
  const found: FoundInputs = { runs: [], results: [] };
  for (const path of paths) {
    const before = found.runs.length + found.results.length;
    if (!existsSync(path)) throw new ReportError(path, EXPECTED, "nothing there");
    if (statSync(path).isDirectory()) addFolder(path, found);
    else addFile(path, found);
    if (found.runs.length + found.results.length === before)
      throw new ReportError(path, EXPECTED, "a folder without these");
  }
  return found;
}

function addFolder(folder: string, found: FoundInputs): void {
  if (isRun(folder)) {
    found.runs.push({ name: basename(resolve(folder)), folder });
    return;
  }
  if (existsSync(join(folder, TABLE_NAME))) {
    addTable(folder, found);
    return;
  }
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isRun(path)) addFolder(path, found);
    } else if (entry.name.endsWith(".json") && isResult(path)) addFile(path, found);
  }
}

/** Rows under their names; runs of the first seed, as their curves hardly differ. */
function addTable(folder: string, found: FoundInputs): void {
  const { rows } = readTable(join(folder, TABLE_NAME));
  const results = join(folder, "results");
  const files = existsSync(results) ? readdirSync(results).sort() : [];
  for (const { slug, seed, paper, pretrained, ...row } of rows) {
    const name = currentRowName(row.name);
    if (pretrained && seed === rows[0]!.seed) found.runs.push({ name, folder: join(folder, "runs", slug) });
    for (const file of files) {
      if (!file.startsWith(`${slug}-`) || !file.endsWith(".json")) continue;
      const result = readResult(join(results, file));
      found.results.push({ name, result, ...(paper ? { reference: paper } : {}) });
    }
  }
}

function readTable(path: string): TableFile {
  const parsed = tableFileSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  const { path: at, message } = parsed.error.issues[0]!;
  throw new ReportError(
    path,
    "a table of `duchenne reproduce`",
    `${at.join(".")}: ${message}`,
    "Run the same `duchenne reproduce` again.",
  );
}

const isResult = (path: string): boolean => formatOf(readJson(path)) === "duchenne-probe";

function addFile(path: string, found: FoundInputs): void {
  const result = readResult(path);
  found.results.push({ name: result.backbone.description, result });
}

/** @throws ReportError if the file is no result of a probe */
export function readResult(path: string): ProbeResult {
  const json = readJson(path);
  const format = formatOf(json);
  if (format !== "duchenne-probe")
    throw new ReportError(
      path,
      "a result of `duchenne probe`",
      format ?? "other JSON",
      "Leave the file out.",
    );
  const parsed = probeResultSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path: at, message } = parsed.error.issues[0]!;
  throw new ReportError(
    path,
    "a result of this version",
    `${at.join(".")}: ${message}`,
    "Run the probe again.",
  );
}

const formatOf = (json: unknown): string | undefined =>
  typeof json === "object" && json !== null && "format" in json ? String(json.format) : undefined;

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new ReportError(
      path,
      "JSON",
      (error as Error).message,
      "Run the command that wrote the file again.",
    );
  }
}
