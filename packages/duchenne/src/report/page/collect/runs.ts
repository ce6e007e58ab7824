/** Curves and provenance of pre-training runs. */
import { existsSync } from "node:fs";
import { flatSettings } from "../../../ssl/config/config.ts";
import { type MetricsLine, readMetrics } from "../../../ssl/run/metricsLog.ts";
import { metricsOf, readRunRecord } from "../../../ssl/run/runRecord.ts";
import type { CurvePlot, RunFacts } from "../data/reportData.ts";

/** A run and its name in the report. */
export interface NamedRun {
  readonly name: string;
  readonly folder: string;
}

/** Columns of metrics.jsonl to plot. */
const CURVES = [
  { figure: "loss", title: "Loss", yLabel: "loss" },
  { figure: "top1", title: "Positives ranked first", yLabel: "share of rows" },
  { figure: "spread", title: "Embedding spread: 1 fills the sphere, 0 has collapsed", yLabel: "spread" },
  { figure: "effectiveRank", title: "Effective rank of a batch's embeddings", yLabel: "dimensions" },
  { figure: "learningRate", title: "Learning rate", yLabel: "learning rate" },
] as const;

const MIXED_LOSSES =
  "These runs have different methods: their losses measure different things and cannot be compared. Compare results instead.";

/** One plot for each figure that any of the runs logged. */
export function collectCurves(runs: readonly NamedRun[]): CurvePlot[] {
  const logs = runs
    .filter(({ folder }) => existsSync(metricsOf(folder)))
    .map(({ name, folder }) => ({ name, folder, lines: readMetrics(metricsOf(folder)) }));
  const methods = new Set(logs.map(({ folder }) => readRunRecord(folder).config.method));
  return CURVES.flatMap(({ figure, title, yLabel }) => {
    const series = logs.flatMap(({ name, lines }) => {
      const points = lines.flatMap((line) => pointOf(line, figure));
      return points.length === 0 ? [] : [{ name, points }];
    });
    if (series.length === 0) return [];
    const isMixed = figure === "loss" && methods.size > 1;
    return [{ title, ...(isMixed && { warning: MIXED_LOSSES }), xLabel: "updates", yLabel, series }];
  });
}

function pointOf(line: MetricsLine, figure: string): (readonly [number, number])[] {
  const value = line[figure];
  return typeof value === "number" ? [[line.step, value]] : [];
}

/** @throws RunFolderError if the folder is no run's */
export function runFacts({ name, folder }: NamedRun): RunFacts {
  const { command, config, versions } = readRunRecord(folder);
  return {
    name,
    command: command || `a library call; the run is in ${folder}`,
    seed: String(config.seed),
    seconds: null,
    versions,
    settings: flatSettings(config),
  };
}

/** Notices of the runs about the limits of their stores. */
export function runNotes(runs: readonly NamedRun[]): string[] {
  return runs.flatMap(({ name, folder }) =>
    readRunRecord(folder).notices.map((notice) => `${name}: ${notice}`),
  );
}
