/** Brings runs, results and embeddings into one report. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { landmarkModelNotice } from "@duchenne/face";
import { FrameStore } from "../../../data/store/frameStore.ts";
import { originOf } from "../../../data/store/origin.ts";
import { packageVersions } from "../../../data/store/versions.ts";
import { probeSettings } from "../../../evaluate/schema/options.ts";
import type { ProbeResult } from "../../../evaluate/schema/result.ts";
import { settingWords, shellCommand } from "../../../lib/shellCommand.ts";
import { UNTRAINED } from "../../../ssl/run/loadBackbone.ts";
import { readRunRecord } from "../../../ssl/run/runRecord.ts";
import type { DataFacts, Highlight, Picture, ReportData, RunFacts } from "../data/reportData.ts";
import { emptyReport } from "../data/reportData.ts";
import { collectEmbedding, type EmbeddingSource } from "./embedding.ts";
import { collectPredictions } from "./predictions.ts";
import { collectCurves, type NamedRun, runFacts, runNotes } from "./runs.ts";
import { fewLabelPlots, type NamedResult, storeName, tablesBesidePaper } from "./tables.ts";

/** Everything a report is made from. */
export interface ReportInputs {
  readonly title: string;
  readonly summary: string;
  readonly runs: readonly NamedRun[];
  readonly results: readonly NamedResult[];
  readonly embeddings: readonly EmbeddingSource[];
  readonly views: readonly Picture[];
  /** Stores to describe, by path, with their purpose; the stores of runs and results are added. */
  readonly stores: Readonly<Record<string, string>>;
  readonly highlights: readonly Highlight[];
  readonly notes: readonly string[];
  /** The command that made everything, if there is one. */
  readonly made?: Pick<RunFacts, "name" | "command" | "seed" | "seconds">;
}

/**
 * Collects a report.
 * @param now when it is made
 * @throws StoreError, CheckpointError, RunFolderError if a run, result or store cannot be read
 */
export async function collectReport(
  inputs: ReportInputs,
  now: Date,
  signal?: AbortSignal,
): Promise<ReportData> {
  const { title, summary, runs, results, views, highlights, made } = inputs;
  const predictions = await collectPredictions(results);
  const embeddings = [];
  for (const source of inputs.embeddings) embeddings.push(await collectEmbedding(source, signal));
  const whole = made
    ? [{ ...made, versions: { ...packageVersions(), node: process.version }, settings: {} }]
    : [];
  return {
    ...emptyReport(title, summary, now.toISOString()),
    highlights,
    views,
    tables: tablesBesidePaper(results),
    fewLabels: fewLabelPlots(results),
    curves: collectCurves(runs),
    confusions: predictions.confusions,
    valenceArousal: predictions.valenceArousal,
    failures: predictions.failures,
    embeddings: embeddings.map(({ map }) => map).filter(({ points }) => points.length > 0),
    neighbours: embeddings.map(({ neighbours }) => neighbours),
    data: await describeStores(inputs),
    runs: [...whole, ...runs.map(runFacts), ...probeFacts(results)],
    notes: [...inputs.notes, ...new Set([...runNotes(runs), ...probeNotes(results), ...predictions.notes])],
  };
}

/** Stores named by runs and results may have been moved since. */
async function describeStores({ stores, results, runs }: ReportInputs): Promise<DataFacts[]> {
  const roles = new Map(Object.entries(stores).map(([path, role]) => [resolve(path), role]));
  const add = (path: string, role: string) => {
    if (!roles.has(resolve(path)) && existsSync(path)) roles.set(resolve(path), role);
  };
  for (const { folder } of runs) add(readRunRecord(folder).store.path, "pre-training, without labels");
  for (const { result } of results) add(result.data.store, "evaluation");
  const facts: DataFacts[] = [];
  for (const [path, role] of roles) facts.push(await dataFacts(path, role));
  return facts;
}

function probeFacts(results: readonly NamedResult[]): RunFacts[] {
  return results.map(({ name, result }) => {
    const { task, mode, seed, labels: _, classes, ...settings } = result.settings;
    return {
      name: `probe: ${name}, ${task}, ${mode}`,
      command: probeCommandOf(result),
      seed: String(seed),
      seconds: result.cells.reduce((sum, cell) => sum + cell.seconds, 0),
      versions: result.versions,
      settings: { ...settings, classes: classes?.join(" ") ?? null, backbone: result.backbone.description },
    };
  });
}

/** The command of a probe; a note if the result does not say which backbone it was. */
export function probeCommandOf({ backbone, data, settings }: ProbeResult): string {
  const { from, arch, size } = backbone;
  if (from === undefined) return "# the result does not record where its backbone was";
  const ofFile = /\.(pth|pt|safetensors)$/.test(from) || from === UNTRAINED;
  return shellCommand([
    ...["duchenne", "probe", from, "--data", data.store],
    ...(ofFile ? ["--arch", arch, "--size", String(size)] : []),
    ...settingWords(settings, probeSettings({})),
  ]);
}

/** Duplicates across splits, and results that are incomplete. */
function probeNotes(results: readonly NamedResult[]): string[] {
  return results.flatMap(({ name, result: { data, complete } }) => [
    ...(complete ? [] : [`${name}: the probe on ${data.store} is incomplete.`]),
    ...data.duplicates
      .filter(({ exact, near }) => exact + near > 0)
      .map(
        ({ parts, exact, near }) =>
          `${data.store}: ${exact} images of ${parts[1]} are identical to an image of ${parts[0]}, ${near} more are near duplicates.`,
      ),
  ]);
}

/** Content of a store, and its terms of use. @throws StoreError if there is none */
async function dataFacts(path: string, role: string): Promise<DataFacts> {
  const store = FrameStore.open(path);
  try {
    const { options, counts } = store.manifest;
    const origin = originOf(store.manifest);
    const terms = origin?.licence ?? "unknown: its source is gone";
    return {
      name: storeName(path),
      role,
      layout: options.dataset,
      clips: counts.tracks,
      frames: counts.frames,
      people: counts.persons,
      origin: origin?.people ?? "unknown",
      licence: `${terms}. ${landmarkModelNotice}`,
    };
  } finally {
    await store.close();
  }
}
