/** Runs as the pages show them, and their logs as they grow. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { flatSettings } from "../ssl/config/config.ts";
import { checkpointsOf, listCheckpoints } from "../ssl/run/checkpoint.ts";
import { type MetricsLine, parseMetrics, readMetrics } from "../ssl/run/metricsLog.ts";
import { isAbandoned, isTraining } from "../ssl/run/runLock.ts";
import { metricsOf, recordOf } from "../ssl/run/runRecord.ts";
import type { MetricsPart, Problem, RunEntry } from "./contract/api.ts";
import { type Findings, type Found, type FoundRun, storeAt } from "./find.ts";

/** Enough for some lines, whatever the figures. */
const TAIL_BYTES = 4096;
/** Per answer; a longer log comes in several. */
const MOST_BYTES = 4_000_000;

/**
 * Runs that can be read, and what is wrong with the others: one that is damaged, or was removed just now, hides no other.
 * @returns those that train first, then the newest: an order that does not change while they train
 */
export function describeRuns({ runs, stores }: Findings): { runs: RunEntry[]; problems: Problem[] } {
  const [entries, problems]: [RunEntry[], Problem[]] = [[], []];
  for (const run of runs.values()) {
    try {
      entries.push(describeRun(run, stores));
    } catch (error) {
      problems.push({ path: run.path, message: (error as Error).message });
    }
  }
  entries.sort(
    (a, b) => Number(b.state === "running") - Number(a.state === "running") || b.startedAt - a.startedAt,
  );
  return { runs: entries, problems };
}

function describeRun({ path, entry }: Found<FoundRun>, stores: Findings["stores"]): RunEntry {
  const { id, name, record } = entry;
  const { command, config, notices, store } = record;
  const log = metricsOf(path);
  const tail = lastLines(log);
  const newest = tail.at(-1) ?? null;
  const total = totalSteps(config, newest);
  const state = stateOf(path, newest, total);
  const startedAt = statSync(recordOf(path)).mtimeMs;
  const changedAt = existsSync(log) ? statSync(log).mtimeMs : 0;
  return {
    ...{ id, name, command, config: flatSettings(config), notices, newest },
    storePath: store.path,
    storeId: storeAt(stores, store.path),
    ...{ state, totalSteps: total, startedAt, changedAt },
    elapsedSeconds: newest === null ? null : elapsedSeconds(log, newest, startedAt, changedAt),
    secondsLeft: state === "running" ? secondsLeft(tail, total) : null,
    checkpoints: listCheckpoints(checkpointsOf(path)).map(({ step }) => step),
  };
}

/** By the log's own times, for a folder that was copied has other ones. @param startedAt and `changedAt`: times of its files, ms */
function elapsedSeconds(log: string, newest: MetricsLine, startedAt: number, changedAt: number): number {
  const start = Math.min(startedAt / 1000, firstLine(log)?.wallTime ?? Number.POSITIVE_INFINITY);
  return Math.max(0, (newest.wallTime ?? changedAt / 1000) - start);
}

/** @returns undefined if it cannot be read: reading the whole log reports the reason */
function firstLine(log: string): MetricsLine | undefined {
  const text = readText(log, 0, TAIL_BYTES);
  try {
    return parseMetrics(text.slice(0, text.indexOf("\n") + 1), log)[0];
  } catch {
    return undefined;
  }
}

/** The length of an epoch follows from any line. */
function totalSteps(
  { steps, epochs }: FoundRun["record"]["config"],
  newest: MetricsLine | null,
): number | null {
  if (steps !== null) return steps;
  if (epochs === null || !newest?.epoch) return null;
  return Math.round((newest.step / newest.epoch) * epochs);
}

function stateOf(path: string, newest: MetricsLine | null, total: number | null): RunEntry["state"] {
  if (isTraining(path)) return "running";
  if (newest !== null && total !== null && newest.step >= total) return "finished";
  const hasNonFinite = readdirSync(path).some((name) => /^nan-\d+$/.test(name));
  return isAbandoned(path) || hasNonFinite ? "failed" : "stopped";
}

/** By the pace of the last lines. */
function secondsLeft(tail: readonly MetricsLine[], total: number | null): number | null {
  const [first, last] = [tail[0], tail.at(-1)];
  if (total === null || first?.wallTime == null || last?.wallTime == null || last.step === first.step)
    return null;
  return ((last.wallTime - first.wallTime) / (last.step - first.step)) * Math.max(0, total - last.step);
}

/** The lines of a log's last few kilobytes. */
function lastLines(log: string): MetricsLine[] {
  if (!existsSync(log)) return [];
  const { size } = statSync(log);
  const text = readText(log, Math.max(0, size - TAIL_BYTES), TAIL_BYTES);
  // The first of them may be cut, unless the log is that short.
  const start = size > TAIL_BYTES ? text.indexOf("\n") + 1 : 0;
  try {
    return parseMetrics(text.slice(start, text.lastIndexOf("\n") + 1), log);
  } catch {
    // The whole log tells which line it is.
    return readMetrics(log);
  }
}

/**
 * What a run logged since it was last asked.
 * @param log as the last answer named it; a resumed run cuts its log back and so begins another
 * @param from the last answer's `next`, 0 at first
 * @throws Error naming the file and a line that is no JSON
 */
export function readMetricsPart(runFolder: string, log: string | undefined, from: number): MetricsPart {
  const path = metricsOf(runFolder);
  if (!existsSync(path)) return { lines: [], log: "", next: 0, isAnew: from > 0 };
  const { ino, size } = statSync(path);
  const isAnew = log !== String(ino) || from > size;
  const start = isAnew ? 0 : from;
  const text = readText(path, start, MOST_BYTES);
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return {
    lines: parseMetrics(whole, path),
    log: String(ino),
    next: start + Buffer.byteLength(whole),
    isAnew,
  };
}

function readText(path: string, from: number, most: number): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, Math.min(most, fstatSync(file).size - from)));
    const count = readSync(file, bytes, 0, bytes.length, from);
    return bytes.toString("utf8", 0, count);
  } finally {
    closeSync(file);
  }
}
