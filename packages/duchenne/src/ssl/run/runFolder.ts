/** A run's folder: config.json, metrics.jsonl, events, checkpoints. Who may write into it, and from where on. */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, setting } from "../../lib/errors.ts";
import { removeTemporaries, writeFileAtomically } from "../../lib/files/atomicFolder.ts";
import { writeFailureText } from "../../lib/files/errors.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import type { RunConfig } from "../config/config.ts";
import { type Checkpoint, checkpointsOf, listCheckpoints, readLastGood } from "./checkpoint.ts";
import type { RecordedConfig, StoreIdentity } from "./checkpointState.ts";
import { RunFolderError } from "./errors.ts";
import { cutMetrics } from "./metricsLog.ts";
import { lockRun } from "./runLock.ts";
import { isRun, metricsOf, type RunRecord, readRunRecord, recordOf } from "./runRecord.ts";

/** Settings that change how a run is carried out and, but for its last bits, not what it computes; a resumed run may have others. */
const RUNTIME_SETTINGS: ReadonlySet<string> = new Set<keyof RunConfig>([
  "device",
  "threads",
  "workers",
  "checkpointEvery",
  "keepLast",
  "logEvery",
  "init",
]);

/** What the caller knows of a run's record. */
export type NewRun = Omit<RunRecord, "format" | "config"> & { readonly config: RecordedConfig };

/** A run's settings: as they are once resolved, and as they were asked for. */
export interface WantedConfig {
  readonly config: RecordedConfig;
  readonly requested: RecordedConfig;
}

/**
 * Makes a run's folder, locked for this process.
 * @throws RunFolderError if there are checkpoints in it, or files of something else, another process trains there, or it
 * cannot be written
 */
export function startRun(runFolder: string, record: NewRun): void {
  if (runFolder === "")
    throw new ConfigError(setting("out"), "a folder", "nothing", "Name the folder of the run.");
  try {
    requireFree(runFolder);
    makeFolder(checkpointsOf(runFolder));
    lockRun(runFolder);
    clearLogs(runFolder);
    writeFileAtomically(
      recordOf(runFolder),
      `${JSON.stringify({ format: "duchenne-run", ...record }, null, 1)}\n`,
    );
  } catch (error) {
    if (error instanceof RunFolderError) throw error;
    const reason = writeFailureText(error);
    throw new RunFolderError(runFolder, "a folder that can be written", reason, "Choose another `out`.", {
      cause: error,
    });
  }
}

function requireFree(runFolder: string): void {
  const newest = listCheckpoints(checkpointsOf(runFolder)).at(-1);
  if (newest)
    throw new RunFolderError(
      runFolder,
      "a folder without a run",
      `a run with a checkpoint of step ${newest.step}`,
      "Continue it with `resume: true`, or choose another `out`.",
    );
  if (isRun(runFolder))
    readRunRecord(runFolder); // throws where config.json is another program's
  else if (existsSync(runFolder)) {
    // A run writes its record first: these would be another program's.
    const [foreign] = logsIn(runFolder);
    if (foreign)
      throw new RunFolderError(
        runFolder,
        "a folder of a run, or a new one",
        `${foreign} of something else`,
        "Choose another `out`.",
      );
  }
}

const logsIn = (runFolder: string): string[] =>
  readdirSync(runFolder).filter(
    (name) => name === "metrics.jsonl" || name.startsWith("events.out.tfevents."),
  );

/** What a run wrote that ended before its first checkpoint. */
function clearLogs(runFolder: string): void {
  removeTemporaries(runFolder);
  removeTemporaries(checkpointsOf(runFolder));
  for (const name of logsIn(runFolder)) rmSync(join(runFolder, name));
}

/**
 * Finds where a run continues, locks it for this process, and cuts its log back to there.
 * @returns the newest checkpoint that can be read, undefined if none was written yet; and notices for the user
 * @throws RunFolderError if there is no run, it was started with other settings or another store, naming the
 * setting, or another process trains there
 */
export function resumeRun(
  runFolder: string,
  wanted: WantedConfig,
  store: StoreIdentity,
): { checkpoint?: Checkpoint; notices: string[] } {
  requireSame(runFolder, readRunRecord(runFolder), wanted, store);
  lockRun(runFolder);
  const { checkpoint, damaged } = readLastGood(checkpointsOf(runFolder));
  const notices = damaged.map(({ subject: path, message }) => {
    // Else it would count among the newest, and the good ones that follow would be removed as old.
    const aside = `${path}.damaged`;
    rmSync(aside, { recursive: true, force: true });
    renameSync(path, aside);
    return `passed over a damaged checkpoint: ${message}; it is ${aside} now`;
  });
  if (checkpoint === undefined) {
    notices.push(`${runFolder}: no checkpoint to continue from: starting at step 0`);
    clearLogs(runFolder);
    return { notices };
  }
  removeTemporaries(checkpointsOf(runFolder));
  cutMetrics(metricsOf(runFolder), checkpoint.state.step);
  return { checkpoint, notices };
}

function requireSame(
  runFolder: string,
  run: RunRecord,
  { config, requested }: WantedConfig,
  store: StoreIdentity,
): void {
  for (const key of Object.keys({ ...requested, ...config }) as (keyof RunConfig)[]) {
    const had = JSON.stringify(run.config[key]);
    // Versions before 0.2 recorded what was asked for.
    const accepted = [config, requested].map((settings) => JSON.stringify(settings[key]));
    if (!accepted.includes(had) && !RUNTIME_SETTINGS.has(key))
      throw new RunFolderError(
        runFolder,
        "the settings of its start",
        `others: this run was started with ${key} ${had}, not ${accepted[0]}`,
        "Resume with the same settings, or choose another `out`.",
      );
  }
  if (run.store.digest !== store.digest)
    throw new RunFolderError(
      runFolder,
      "the store of its start",
      `another: this run was started on the store ${run.store.path}, and ${store.path} holds something else`,
      "Resume with the same store, or choose another `out`.",
    );
}
