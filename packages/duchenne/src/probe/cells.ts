/** The trainings of a probe, one after the other. */
import type { Device, Tensor } from "@duchenne/torch";
import type { FrameStore } from "../store/frameStore.ts";
import type { LoadedBackbone } from "../train/loadBackbone.ts";
import { centreView } from "./centreView.ts";
import type { View } from "./embed.ts";
import { computeFeatures } from "./features.ts";
import type { OnStep } from "./fit.ts";
import { identityCell, type PairFile } from "./identityCell.ts";
import { largestBudget, PredictorKeeper } from "./keepPredictor.ts";
import type { ProbeSettings } from "./options.ts";
import type { Pace } from "./pace.ts";
import type { Plan } from "./plan.ts";
import type { ProbeCell, ProbeResult } from "./result.ts";
import { trainCell } from "./trainCell.ts";

/** What a probe works on; `loadBackbone` gives one. */
export type ProbedBackbone = Pick<LoadedBackbone, "backbone" | "arch" | "size" | "dataset" | "description">;

export interface ProbeProgress {
  /** "duplicates", "features", or a cell: "10% labels, seed 1". */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** Of a training by steps: the validation part's macro F1 or mean CCC, when it was last looked at. */
  readonly score?: number;
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
export interface Run {
  readonly loaded: ProbedBackbone;
  readonly store: FrameStore;
  readonly settings: ProbeSettings;
  readonly plan: Plan;
  readonly device: Device;
  readonly cache: string | undefined;
  readonly pairs: PairFile | undefined;
  readonly pace: Pace;
  readonly hooks: ProbeHooks;
  /** Folder for the predictor. */
  readonly predictorFolder: string | undefined;
  /** Keeps the result as far as it is. */
  readonly save: (result: ProbeResult) => ProbeResult;
}

export interface Cell {
  readonly labels: string;
  readonly seed: number;
}

export function cellsOf({ task, labels, seeds, seed }: ProbeSettings): Cell[] {
  const budgets = task === "identity" ? ["all"] : labels;
  return budgets.flatMap((budget) =>
    Array.from({ length: seeds }, (_, i) => ({ labels: budget, seed: seed + i })),
  );
}

/** Trains what the result does not have yet, saving it cell by cell. */
export async function fillCells(run: Run, start: ProbeResult): Promise<ProbeResult> {
  const { store, loaded, settings, device, pace, hooks } = run;
  const cells = cellsOf(settings);
  const isDone = (cell: Cell) => start.cells.some((done) => isSame(done, cell));
  const kept = keptCell(run);
  // Weights are not in the result: the training that is to be kept is done again.
  const missing = cells.filter((cell) => !isDone(cell) || (kept && isSame(cell, kept)));
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
      const onStep: OnStep = (done, total, score) =>
        hooks.onProgress?.({ ...progress, done, total, ...(score !== undefined && { score }) });
      const fill = kept && isSame(cell, kept) ? fillAndKeepCell : fillCell;
      const done = await fill(run, cell, view, features, onStep, result);
      result = run.save({ ...result, cells: withCell(result.cells, done) });
      await pace();
    }
  } finally {
    features?.dispose();
  }
  return result;
}

/** In place of one that was trained before, or as the last. */
function withCell(cells: readonly ProbeCell[], done: ProbeCell): ProbeCell[] {
  const at = cells.findIndex((cell) => isSame(cell, done));
  return at < 0 ? [...cells, done] : cells.with(at, done);
}

const isSame = (a: Cell, b: Cell): boolean => a.labels === b.labels && a.seed === b.seed;

/** The training whose predictor is kept. */
function keptCell({ predictorFolder, settings: { labels, seed }, plan }: Run): Cell | undefined {
  if (predictorFolder === undefined) return undefined;
  return { labels: largestBudget(labels, plan.parts.train.length), seed };
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

type FillCell = (
  run: Run,
  cell: Cell,
  view: View,
  features: Tensor | undefined,
  onStep: OnStep,
  result: ProbeResult,
) => Promise<ProbeCell>;

const fillCell: FillCell = async (run, { labels, seed }, view, features, onStep) => {
  const { plan, settings, pairs, store } = run;
  const { targets } = plan;
  if (targets === null) return identityCell(features!, plan, settings, pairs, store.path, seed);
  return trainCell({ ...run, targets, view, features }, labels, seed, onStep);
};

/** The same, and puts what was trained into its folder. */
const fillAndKeepCell: FillCell = async (run, { labels, seed }, view, features, onStep, result) => {
  const { plan, store, predictorFolder } = run;
  const keeper = new PredictorKeeper(predictorFolder!);
  try {
    const bench = { ...run, targets: plan.targets!, view, features, onBest: keeper.take.bind(keeper) };
    const cell = await trainCell(bench, labels, seed, onStep);
    keeper.write(result, cell, store);
    return cell;
  } finally {
    keeper.dispose();
  }
};
