/** The trainings of a probe, one after the other. */
import type { Device, Tensor } from "@duchenne/torch";
import type { FrameStore } from "../data/store/frameStore.ts";
import type { YieldTurn } from "../lib/yieldTurn.ts";
import type { LoadedBackbone } from "../ssl/run/loadBackbone.ts";
import { centreView } from "./data/centreView.ts";
import type { Fingerprinter } from "./data/fingerprint.ts";
import type { EvaluationPlan } from "./data/plan.ts";
import type { Targets } from "./data/targets.ts";
import type { ViewFunction } from "./features/embed.ts";
import { computeFeatures } from "./features/features.ts";
import { identityCell, type PairFile } from "./identity/identityCell.ts";
import type { OnStep } from "./predictors/fit.ts";
import { largestBudget, PredictorKeeper } from "./predictors/keepPredictor.ts";
import { type TrainingContext, trainCell } from "./predictors/trainCell.ts";
import type { ProbeSettings } from "./schema/options.ts";
import type { ProbeCell, ProbeResult } from "./schema/result.ts";

/** What a probe works on; `loadBackbone` gives one. */
export type ProbedBackbone = Pick<LoadedBackbone, "backbone" | "arch" | "size" | "dataset" | "description">;

/** How far a probe is. */
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

/** Callbacks of `probe`, and its signal to stop. */
export interface ProbeHooks {
  /** Called after each stretch of work. */
  readonly onProgress?: (progress: ProbeProgress) => void;
  /** Called with the sizes of the splits, duplicates and images left out, before any score. */
  readonly onNotice?: (notice: string) => void;
  /** Ends the probe; what is finished is in `out`. */
  readonly signal?: AbortSignal;
}

/** The inputs that every training of a probe shares. */
export interface ProbeContext {
  readonly loaded: ProbedBackbone;
  readonly store: FrameStore;
  readonly settings: ProbeSettings;
  readonly plan: EvaluationPlan;
  readonly device: Device;
  readonly cache: string | undefined;
  readonly pairs: PairFile | undefined;
  readonly yieldTurn: YieldTurn;
  readonly hooks: ProbeHooks;
  /** Folder for the predictor. */
  readonly predictorFolder: string | undefined;
  /** Keeps the result as far as it is. */
  readonly save: (result: ProbeResult) => ProbeResult;
}

/** A training of a probe: its label budget and its seed. */
export interface CellKey {
  readonly labels: string;
  readonly seed: number;
}

export function plannedCells({ task, labels, seeds, seed }: ProbeSettings): CellKey[] {
  const budgets = task === "identity" ? ["all"] : labels;
  return budgets.flatMap((budget) =>
    Array.from({ length: seeds }, (_, i) => ({ labels: budget, seed: seed + i })),
  );
}

/** What the result does not have yet. */
export function missingCells(context: ProbeContext, { cells: done }: ProbeResult): CellKey[] {
  const kept = keptCell(context);
  // Weights are not in the result: the training that is to be kept is done again.
  return plannedCells(context.settings).filter(
    (cell) => !done.some((other) => isSame(other, cell)) || (kept && isSame(cell, kept)),
  );
}

const viewOf = ({ store, loaded, device }: ProbeContext): ViewFunction => {
  const options = { stored: store.manifest.options.size, size: loaded.size, device };
  return (frames) => centreView(frames, options);
};

/** Trains cells, saving the result after each. @param features of all images; undefined for fine-tuning */
export async function fillCells(
  context: ProbeContext,
  start: ProbeResult,
  missing: readonly CellKey[],
  features: Tensor | undefined,
): Promise<ProbeResult> {
  const { settings, yieldTurn, hooks } = context;
  const cells = plannedCells(settings).length;
  const kept = keptCell(context);
  const view = viewOf(context);
  let result = start;
  for (const cell of missing) {
    const stage = `${cell.labels === "all" ? "all" : cell.labels} labels, seed ${cell.seed}`;
    const progress = { stage, cellsDone: result.cells.length, cells };
    const onStep: OnStep = (done, total, score) =>
      hooks.onProgress?.({ ...progress, done, total, ...(score !== undefined && { score }) });
    const fill = kept && isSame(cell, kept) ? fillAndKeepCell : fillCell;
    const done = await fill(context, cell, view, features, onStep, result);
    result = context.save({ ...result, cells: withCell(result.cells, done) });
    await yieldTurn();
  }
  return result;
}

/** In place of one that was trained before, or as the last. */
function withCell(cells: readonly ProbeCell[], done: ProbeCell): ProbeCell[] {
  const at = cells.findIndex((cell) => isSame(cell, done));
  return at < 0 ? [...cells, done] : cells.with(at, done);
}

const isSame = (a: CellKey, b: CellKey): boolean => a.labels === b.labels && a.seed === b.seed;

/** The training whose predictor is kept. */
function keptCell({ predictorFolder, settings: { labels, seed }, plan }: ProbeContext): CellKey | undefined {
  if (predictorFolder === undefined) return undefined;
  return { labels: largestBudget(labels, plan.splits.train.length), seed };
}

/** Features of all images, which the caller disposes. @param prints take their fingerprints meanwhile */
export function featuresOf(
  context: ProbeContext,
  { backbone, data, cells }: ProbeResult,
  prints: Fingerprinter | undefined,
): Promise<Tensor> {
  const { settings, hooks } = context;
  const progress = { stage: "features", cellsDone: cells.length, cells: plannedCells(settings).length };
  const { loaded, store, plan, device, cache, yieldTurn } = context;
  return computeFeatures({
    loaded,
    store,
    plan,
    device,
    cache,
    yieldTurn,
    view: viewOf(context),
    augment: settings.augment,
    seed: settings.seed,
    digests: { weights: backbone.digest, store: data.digest },
    onDone: (done, total) => hooks.onProgress?.({ ...progress, done, total }),
    onFrames: (images, frames) => prints?.add(images, frames),
  });
}

type FillCell = (
  context: ProbeContext,
  cell: CellKey,
  view: ViewFunction,
  features: Tensor | undefined,
  onStep: OnStep,
  result: ProbeResult,
) => Promise<ProbeCell>;

const fillCell: FillCell = async (context, { labels, seed }, view, features, onStep) => {
  const { plan, settings, pairs, store } = context;
  if (plan.targets === null) return identityCell(features!, plan, settings, pairs, store.path, seed);
  return trainCell(trainingContext(context, plan.targets, view, features), labels, seed, onStep);
};

/** The inputs of a training. @param onBest receives the chosen weights while they last */
function trainingContext(
  { loaded, store, settings, plan, device, yieldTurn }: ProbeContext,
  targets: Targets,
  view: ViewFunction,
  features: Tensor | undefined,
  onBest?: TrainingContext["onBest"],
): TrainingContext {
  return {
    loaded,
    store,
    settings,
    plan,
    targets,
    device,
    view,
    features,
    yieldTurn,
    ...(onBest && { onBest }),
  };
}

/** The same, and puts what was trained into its folder. */
const fillAndKeepCell: FillCell = async (context, { labels, seed }, view, features, onStep, result) => {
  const { plan, store, predictorFolder } = context;
  const keeper = new PredictorKeeper(predictorFolder!);
  try {
    const onBest = keeper.take.bind(keeper);
    const training = trainingContext(context, plan.targets!, view, features, onBest);
    const cell = await trainCell(training, labels, seed, onStep);
    keeper.write(result, cell, store);
    return cell;
  } finally {
    keeper.dispose();
  }
};
