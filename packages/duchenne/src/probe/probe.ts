/** Downstream evaluation: what a representation is worth with few labels, or many. */
import { type Device, info, type Tensor } from "@duchenne/torch";
import { FrameStore } from "../store/frameStore.ts";
import { packageVersions } from "../store/versions.ts";
import type { LoadedBackbone } from "../train/loadBackbone.ts";
import { centreView } from "./centreView.ts";
import { weightsDigest } from "./digest.ts";
import { countTwins } from "./duplicates.ts";
import type { View } from "./embed.ts";
import { computeFeatures } from "./features.ts";
import { fingerprint } from "./fingerprint.ts";
import { identityCell, type PairFile } from "./identityCell.ts";
import { type ProbeOptions, type ProbeSettings, probeSettings } from "./options.ts";
import { makePace, type Pace } from "./pace.ts";
import { classNames, describePlan, describeTest, makePlan, type Plan } from "./plan.ts";
import type { ProbeCell, ProbeResult } from "./result.ts";
import { resumeResult, saveResult } from "./resultFile.ts";
import { summarize } from "./summarize.ts";
import { trainCell } from "./trainCell.ts";
import { readPairs } from "./verification.ts";

/** What a probe works on; `loadBackbone` gives one. */
export type ProbedBackbone = Pick<LoadedBackbone, "backbone" | "arch" | "size" | "description">;

export interface ProbeProgress {
  /** "duplicates", "features", or a cell: "10% labels, seed 1". */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** Trainings finished, of how many. */
  readonly cellsDone: number;
  readonly cells: number;
}

export interface ProbeHooks {
  readonly onProgress?: (progress: ProbeProgress) => void;
  /** Told of the parts, of duplicates and of what is left out, before any score. */
  readonly onNotice?: (notice: string) => void;
  /** Ends the probe; what is finished is in `out`. */
  readonly signal?: AbortSignal;
}

/** One probe on its way. */
interface Run {
  readonly loaded: ProbedBackbone;
  readonly store: FrameStore;
  readonly settings: ProbeSettings;
  readonly plan: Plan;
  readonly device: Device;
  readonly cache: string | undefined;
  readonly pairs: PairFile | undefined;
  readonly pace: Pace;
  readonly hooks: ProbeHooks;
  /** Keeps the result as far as it is. */
  readonly save: (result: ProbeResult) => ProbeResult;
}

/**
 * Evaluates a backbone on a labelled store: by the paper's predictor on frozen features, by fine-tuning, a linear layer or
 * nearest neighbours, or by what its features know of identity; for each label budget and seed. The test part chooses nothing.
 * @param loaded in evaluation mode, and left as it was   @param storePath a prepared store
 * @throws ProbeError if the store lacks what the task needs, or an option is out of range; StoreError
 */
export async function probe(
  loaded: ProbedBackbone,
  storePath: string,
  { cache, pairs: file, device = "cpu", out, ...given }: ProbeOptions = {},
  hooks: ProbeHooks = {},
): Promise<ProbeResult> {
  const settings = probeSettings(given);
  const pairs = file === undefined ? undefined : { file, folds: readPairs(file) };
  const store = FrameStore.open(storePath);
  try {
    const plan = makePlan(store, settings);
    const found = resumeResult(out, startResult(loaded, store, settings, plan));
    const save = (result: ProbeResult) => {
      saveResult(out, result);
      return result;
    };
    const pace = makePace(hooks.signal);
    const run = { loaded, store, settings, plan, device, cache, pairs, pace, hooks, save };
    const counted = await countDuplicates(run, found);
    for (const notice of noticesOf(counted)) hooks.onNotice?.(notice);
    return found.complete ? found : finish(run, await fillCells(run, counted));
  } finally {
    await store.close();
  }
}

function startResult(
  { backbone, arch, size, description }: ProbedBackbone,
  store: FrameStore,
  settings: ProbeSettings,
  plan: Plan,
): ProbeResult {
  return {
    format: "duchenne-probe",
    formatVersion: 1,
    complete: false,
    versions: { ...packageVersions(), libtorch: info().version, node: process.versions.node },
    backbone: { description, arch, size, features: backbone.features, digest: weightsDigest(backbone) },
    data: describePlan(store, plan),
    settings,
    classes: classNames(plan),
    test: describeTest(plan),
    cells: [],
    summary: [],
  };
}

const PARTS = [
  ["train", "validation"],
  ["train", "test"],
  ["validation", "test"],
] as const;

/** Twins across parts make scores too good. Identity has no parts. */
async function countDuplicates(run: Run, result: ProbeResult): Promise<ProbeResult> {
  const { plan, settings, store, pace, hooks } = run;
  if (settings.task === "identity" || result.data.duplicates.length > 0) return result;
  const keys = plan.images.map(({ key }) => key);
  const cells = cellsOf(settings).length;
  const prints = await fingerprint(store, keys, pace, (done) =>
    hooks.onProgress?.({ stage: "duplicates", done, total: keys.length, cellsDone: 0, cells }),
  );
  const duplicates = PARTS.map(([a, b]) => ({
    parts: [a, b] as [string, string],
    ...countTwins(prints, plan.parts[a], plan.parts[b]),
  }));
  return run.save({ ...result, data: { ...result.data, duplicates } });
}

/** What whoever reads the scores should know first. */
function noticesOf({ data, settings }: ProbeResult): string[] {
  const { train, validation, test, duplicates } = data;
  const parts =
    settings.task === "identity"
      ? `${test.images} images of ${test.persons} people: ${data.splitRule}`
      : `${train.images} images train, ${validation.images} validate, ${test.images} test: ${data.splitRule}`;
  const leftOut = Object.entries(data.leftOut).map(
    ([reason, count]) => `left out: ${count} images, ${reason}`,
  );
  const twins = duplicates
    .filter(({ exact, near }) => exact + near > 0)
    .map(
      ({ parts: [a, b], exact, near }) =>
        `duplicates: ${exact} images of ${b} are in ${a} too, pixel for pixel, and ${near} nearly so`,
    );
  return [parts, ...leftOut, ...twins];
}

interface Cell {
  readonly labels: string;
  readonly seed: number;
}

function cellsOf({ task, labels, seeds, seed }: ProbeSettings): Cell[] {
  const budgets = task === "identity" ? ["all"] : labels;
  return budgets.flatMap((budget) =>
    Array.from({ length: seeds }, (_, i) => ({ labels: budget, seed: seed + i })),
  );
}

/** Trains what the result does not have yet, saving it cell by cell. */
async function fillCells(run: Run, start: ProbeResult): Promise<ProbeResult> {
  const { store, loaded, settings, device, pace, hooks } = run;
  const cells = cellsOf(settings);
  const isDone = ({ labels, seed }: Cell) =>
    start.cells.some((cell) => cell.labels === labels && cell.seed === seed);
  const missing = cells.filter((cell) => !isDone(cell));
  if (missing.length === 0) return start;
  const { size: stored } = store.manifest.options;
  const view: View = (frames) => centreView(frames, { stored, size: loaded.size, device });
  const features =
    settings.mode === "finetune" ? undefined : await featuresOf(run, view, start, cells.length);
  let result = start;
  try {
    for (const cell of missing) {
      const stage = `${cell.labels === "all" ? "all" : cell.labels} labels, seed ${cell.seed}`;
      const progress = { stage, cellsDone: result.cells.length, cells: cells.length };
      const done = await fillCell(run, cell, view, features, (done, total) =>
        hooks.onProgress?.({ ...progress, done, total }),
      );
      result = run.save({ ...result, cells: [...result.cells, done] });
      await pace();
    }
  } finally {
    features?.dispose();
  }
  return result;
}

function featuresOf(
  run: Run,
  view: View,
  { backbone, data, cells }: ProbeResult,
  total: number,
): Promise<Tensor> {
  const { settings, hooks } = run;
  return computeFeatures({
    ...run,
    view,
    augment: settings.augment,
    seed: settings.seed,
    digests: { weights: backbone.digest, store: data.digest },
    onDone: (done, images) =>
      hooks.onProgress?.({ stage: "features", done, total: images, cellsDone: cells.length, cells: total }),
  });
}

async function fillCell(
  run: Run,
  { labels, seed }: Cell,
  view: View,
  features: Tensor | undefined,
  onStep: (done: number, total: number) => void,
): Promise<ProbeCell> {
  const { plan, settings, pairs, store } = run;
  const { targets } = plan;
  if (targets === null) return identityCell(features!, plan, settings, pairs, store.path, seed);
  return trainCell({ ...run, targets, view, features }, labels, seed, onStep);
}

function finish({ plan, settings, save }: Run, result: ProbeResult): ProbeResult {
  const { images, parts, targets } = plan;
  const persons = parts.test.map((i) => images[i]!.person);
  const truth = targets && { targets, indices: parts.test, persons };
  return save({ ...result, summary: summarize(result.cells, truth, settings.resamples), complete: true });
}
