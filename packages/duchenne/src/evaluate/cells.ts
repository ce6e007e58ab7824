/** The cells of an evaluation: one training per label budget and seed. */
import type { Tensor } from "@duchenne/torch";
import { sha256 } from "../lib/sha256.ts";
import type { ProbeContext } from "./context.ts";
import { centreView } from "./data/imageViews.ts";
import type { Targets } from "./data/targets.ts";
import type { ViewFunction } from "./features/embed.ts";
import { identityCell } from "./identity/identityCell.ts";
import type { OnStep } from "./predictors/fit.ts";
import { FitStateFolder } from "./predictors/fitState.ts";
import { largestBudget, PredictorKeeper } from "./predictors/predictorKeeper.ts";
import { trainCell } from "./predictors/trainCell.ts";
import type { TrainingContext, TrainingHooks } from "./predictors/trainingContext.ts";
import { trainingFolderOf } from "./results/resultFile.ts";
import { type ProbeSettings, probeSettings } from "./schema/options.ts";
import type { ProbeCell, ProbeResult } from "./schema/result.ts";

/** The label budget and the seed of a cell. */
export interface CellKey {
  readonly labels: string;
  readonly seed: number;
}

/** All cells that the settings ask for, in order. */
export function plannedCells({ task, labels, seeds, seed }: ProbeSettings): CellKey[] {
  const budgets = task === "identity" ? ["all"] : labels;
  return budgets.flatMap((budget) =>
    Array.from({ length: seeds }, (_, i) => ({ labels: budget, seed: seed + i })),
  );
}

/** Cells that a result lacks, and the cell whose predictor is saved: a result has no weights. */
export function missingCells(
  { settings, plan, predictorFolder }: Pick<ProbeContext, "settings" | "plan" | "predictorFolder">,
  done: readonly CellKey[],
): CellKey[] {
  const saved = savedCell(settings, plan.splits.train.length, predictorFolder);
  return plannedCells(settings).filter(
    (cell) => !done.some((other) => isSame(other, cell)) || (saved && isSame(cell, saved)),
  );
}

/** The cell whose predictor is saved: the first seed of the largest label budget. */
function savedCell(
  { labels, seed }: ProbeSettings,
  trainImages: number,
  folder: string | undefined,
): CellKey | undefined {
  return folder === undefined ? undefined : { labels: largestBudget(labels, trainImages), seed };
}

const isSame = (a: CellKey, b: CellKey): boolean => a.labels === b.labels && a.seed === b.seed;

/**
 * Fills cells one after the other, and saves the result after each.
 * @param start the result so far   @param missing the cells to fill
 * @param features [views · images, d] of all images; undefined in mode finetune
 */
export async function fillCells(
  context: ProbeContext,
  start: ProbeResult,
  missing: readonly CellKey[],
  features: Tensor | undefined,
): Promise<ProbeResult> {
  const { yieldTurn, save } = context;
  const fill = cellFiller(context, features);
  let result = start;
  for (const key of missing) {
    const folder = stateFolder(context, key, result);
    const hooks = { onStep: reporterOf(context, key, result.cells.length), folder };
    const cell = await fill(key, hooks, result);
    result = save({ ...result, cells: withCell(result.cells, cell) });
    folder?.remove();
    await yieldTurn();
  }
  return result;
}

function reporterOf({ hooks, settings }: ProbeContext, { labels, seed }: CellKey, cellsDone: number): OnStep {
  const stage = `${labels} labels, seed ${seed}`;
  const cells = plannedCells(settings).length;
  return (done, total, score) =>
    hooks.onProgress?.({ stage, done, total, ...(score !== undefined && { score }), cellsDone, cells });
}

/** Replaces the cell with the same key, or appends the cell. */
function withCell(cells: readonly ProbeCell[], cell: ProbeCell): ProbeCell[] {
  const at = cells.findIndex((other) => isSame(other, cell));
  return at < 0 ? [...cells, cell] : cells.with(at, cell);
}

type FillCell = (key: CellKey, hooks: TrainingHooks, result: ProbeResult) => Promise<ProbeCell>;

/** How the cells of a task are filled. */
function cellFiller(context: ProbeContext, features: Tensor | undefined): FillCell {
  const { store, settings, plan, pairs, predictorFolder } = context;
  const { images, splits, targets } = plan;
  if (targets === null) {
    const { minImages, resamples } = settings;
    const inputs = { features: features!, images, store: store.path, minImages, resamples, pairs };
    return async ({ seed }) => identityCell(inputs, seed);
  }
  const { loaded, device, yieldTurn } = context;
  const view = plainView(context);
  const training = { loaded, store, settings, images, splits, targets, device, view, features, yieldTurn };
  const saved = savedCell(settings, splits.train.length, predictorFolder);
  return (key, hooks, result) =>
    saved && isSame(key, saved)
      ? trainAndSave(training, key, hooks, result, predictorFolder!)
      : trainCell(training, key.labels, key.seed, hooks);
}

/** Folder of the state of an unfinished fine-tuning, beside the result. Other trainings take seconds, and save none. */
function stateFolder(
  { settings, plan: { targets }, device, out, hooks }: ProbeContext,
  { labels, seed }: CellKey,
  { backbone, data, versions }: ProbeResult,
): FitStateFolder | undefined {
  if (settings.mode !== "finetune" || out === undefined) return undefined;
  // A setting that is new in a later version does not change what its default trains.
  const usual: Readonly<Record<string, unknown>> = probeSettings({});
  const chosen = Object.entries(settings).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name]),
  );
  const facts = {
    ...{ labels, seed, settings: Object.fromEntries(chosen), device, libtorch: versions.libtorch },
    ...{ weights: backbone.digest, size: backbone.size, store: data.digest, targets: digestOf(targets) },
  };
  return new FitStateFolder(trainingFolderOf(out), facts, hooks.onNotice);
}

function digestOf(targets: Targets | null): string | null {
  if (targets === null) return null;
  const votes = targets.kind === "classes" ? targets.votes : undefined;
  return sha256(JSON.stringify([Array.from(targets.values), votes ? Array.from(votes) : null]));
}

/** The view of an image that is not trained on. */
export function plainView({
  store,
  loaded,
  device,
}: Pick<ProbeContext, "store" | "loaded" | "device">): ViewFunction {
  const options = { stored: store.manifest.options.size, size: loaded.size, device };
  return (frames) => centreView(frames, options);
}

async function trainAndSave(
  training: TrainingContext,
  { labels, seed }: CellKey,
  hooks: TrainingHooks,
  result: ProbeResult,
  folder: string,
): Promise<ProbeCell> {
  using keeper = new PredictorKeeper(folder);
  const onBest: TrainingHooks["onBest"] = (weights, change) => keeper.copy(weights, change);
  const cell = await trainCell(training, labels, seed, { ...hooks, onBest });
  keeper.write(result, cell, training.store);
  return cell;
}
