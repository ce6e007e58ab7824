/** The trainings of a probe, one after the other. */
import type { Device, Tensor } from "@duchenne/torch";
import type { FrameStore } from "../data/store/frameStore.ts";
import type { LoadedBackbone } from "../ssl/run/loadBackbone.ts";
import { centreView } from "./centreView.ts";
import type { View } from "./embed.ts";
import { computeFeatures } from "./features.ts";
import type { Fingerprinter } from "./fingerprint.ts";
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

/** What the result does not have yet. */
export function missingCells(run: Run, { cells: done }: ProbeResult): Cell[] {
  const kept = keptCell(run);
  // Weights are not in the result: the training that is to be kept is done again.
  return cellsOf(run.settings).filter(
    (cell) => !done.some((other) => isSame(other, cell)) || (kept && isSame(cell, kept)),
  );
}

const viewOf = ({ store, loaded, device }: Run): View => {
  const options = { stored: store.manifest.options.size, size: loaded.size, device };
  return (frames) => centreView(frames, options);
};

/** Trains cells, saving the result after each. @param features of all images; undefined for fine-tuning */
export async function fillCells(
  run: Run,
  start: ProbeResult,
  missing: readonly Cell[],
  features: Tensor | undefined,
): Promise<ProbeResult> {
  const { settings, pace, hooks } = run;
  const cells = cellsOf(settings).length;
  const kept = keptCell(run);
  const view = viewOf(run);
  let result = start;
  for (const cell of missing) {
    const stage = `${cell.labels === "all" ? "all" : cell.labels} labels, seed ${cell.seed}`;
    const progress = { stage, cellsDone: result.cells.length, cells };
    const onStep: OnStep = (done, total, score) =>
      hooks.onProgress?.({ ...progress, done, total, ...(score !== undefined && { score }) });
    const fill = kept && isSame(cell, kept) ? fillAndKeepCell : fillCell;
    const done = await fill(run, cell, view, features, onStep, result);
    result = run.save({ ...result, cells: withCell(result.cells, done) });
    await pace();
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

/** Features of all images, which the caller disposes. @param prints take their fingerprints meanwhile */
export function featuresOf(
  run: Run,
  { backbone, data, cells }: ProbeResult,
  prints: Fingerprinter | undefined,
): Promise<Tensor> {
  const { settings, hooks } = run;
  const progress = { stage: "features", cellsDone: cells.length, cells: cellsOf(settings).length };
  return computeFeatures({
    ...run,
    view: viewOf(run),
    augment: settings.augment,
    seed: settings.seed,
    digests: { weights: backbone.digest, store: data.digest },
    onDone: (done, total) => hooks.onProgress?.({ ...progress, done, total }),
    onFrames: (images, frames) => prints?.add(images, frames),
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
