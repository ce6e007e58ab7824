import { probeSettings } from "../../../src/evaluate/schema/options.ts";
import type { ProbeResult } from "../../../src/evaluate/schema/result.ts";

/** Mean and interval of a figure. */
export type MadeUpFigure = readonly [mean: number, low: number, high: number];

const PART = { images: 10, persons: 5, perClass: null };

/**
 * A probe's result with made-up figures and no cells.
 * @param figures label budget by label budget   @param digest of the backbone: another one is another pre-training
 * @param dataset it is said to be measured on
 */
export function madeUpResult(
  task: ProbeResult["settings"]["task"],
  figures: Readonly<Record<string, Readonly<Record<string, MadeUpFigure>>>>,
  digest = "a",
  dataset = "csv",
): ProbeResult {
  const summary = Object.entries(figures).map(([labels, own]) => ({
    labels,
    trainImages: labels === "all" ? 1000 : Number(labels),
    seeds: 3,
    figures: Object.fromEntries(
      Object.entries(own).map(([name, [mean, low, high]]) => [
        name,
        { mean, sd: 0.01, low, high, lastMean: mean },
      ]),
    ),
  }));
  return {
    format: "duchenne-probe",
    formatVersion: 1,
    complete: true,
    versions: {},
    backbone: { description: "tiny", arch: "tiny", size: 16, features: 8, digest },
    data: {
      ...{ store: "/somewhere/faces.store", dataset, digest: "d", splitRule: "by person" },
      ...{ train: PART, validation: PART, test: PART, leftOut: {}, duplicates: [] },
    },
    settings: probeSettings({ task }),
    classes: null,
    test: { keys: [], labels: [], persons: [] },
    cells: [],
    summary,
  };
}
