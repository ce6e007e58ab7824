/** Downstream evaluation: what a representation is worth with few labels, or many. */
import { info, type Tensor } from "@duchenne/torch";
import { FrameStore } from "../data/store/frameStore.ts";
import { packageVersions } from "../data/store/versions.ts";
import { checkKeys } from "../lib/checkKeys.ts";
import { makeYieldTurn } from "../lib/yieldTurn.ts";
import { isSlowAutocast, SLOW_AUTOCAST } from "../ssl/config/autocast.ts";
import { fillCells, missingCells, plainView, plannedCells } from "./cells.ts";
import type { ProbeContext, ProbedBackbone, ProbeHooks } from "./context.ts";
import { countDuplicates } from "./data/duplicates.ts";
import { Fingerprinter } from "./data/fingerprint.ts";
import { computeFeatures } from "./features/features.ts";
import { weightsDigest } from "./features/weightsDigest.ts";
import { presentPairs, readPairs } from "./identity/verification.ts";
import { duplicateNotices, pairNotices, splitNotices } from "./notices.ts";
import { classNames, describePlan, describeTest, type EvaluationPlan, makePlan } from "./plan.ts";
import { checkSave } from "./predictors/predictorKeeper.ts";
import { resumeResult, saveResult } from "./results/resultFile.ts";
import { summarize } from "./results/summarize.ts";
import { type ProbeOptions, type ProbeSettings, probeSettings } from "./schema/options.ts";
import type { ProbeResult } from "./schema/result.ts";

export type { ProbedBackbone, ProbeHooks, ProbeProgress } from "./context.ts";

/**
 * Evaluates a backbone on a labelled store, for each label budget and seed: with the paper's predictor on frozen features, by
 * fine-tuning, with a linear layer or by nearest neighbours; or measures how well its features identify persons. The test split
 * chooses nothing.
 * @param loaded from `loadBackbone`, in evaluation mode; its weights are the same afterwards
 * @param storePath folder of a prepared store with labels
 * @returns figures of every training and their means, as `out` has them
 * @throws ProbeError if the store lacks what the task needs, or an option is out of range; ConfigError for an unknown hook, or if `save` holds
 * anything else; StoreError for a folder that is no store; the signal's reason
 * @see Shu et al. 2022, arXiv:2210.03853, section 4
 */
export async function probe(
  loaded: ProbedBackbone,
  storePath: string,
  { cache, pairs: pairsPath, device = "cpu", save: predictorFolder, out, ...given }: ProbeOptions = {},
  hooks: ProbeHooks = {},
): Promise<ProbeResult> {
  checkKeys("probe", hooks, ["onProgress", "onNotice", "signal"] satisfies (keyof ProbeHooks)[]);
  const settings = probeSettings(given);
  checkSave(predictorFolder, settings);
  const allPairs = pairsPath === undefined ? undefined : readPairs(pairsPath);
  const store = FrameStore.open(storePath);
  try {
    const plan = makePlan(store, settings);
    const pairs = allPairs && presentPairs(allPairs, plan.images);
    const found = resumeResult(out, startResult(loaded, store, settings, plan));
    const save = (result: ProbeResult) => {
      saveResult(out, result);
      return result;
    };
    const notices = [...splitNotices(found), ...(allPairs ? pairNotices(allPairs, pairs!) : [])];
    if (
      settings.mode === "finetune" &&
      isSlowAutocast({ device: String(device), autocast: settings.autocast })
    )
      notices.push(SLOW_AUTOCAST);
    for (const notice of notices) hooks.onNotice?.(notice);
    const yieldTurn = makeYieldTurn(hooks.signal);
    const inputs = { loaded, store, settings, plan, device, pairs, cache, predictorFolder, out };
    return await complete({ ...inputs, save, hooks, yieldTurn }, found);
  } finally {
    await store.close();
  }
}

function startResult(
  { from, backbone, arch, size, dataset, origin, earlier, description }: ProbedBackbone,
  store: FrameStore,
  settings: ProbeSettings,
  plan: EvaluationPlan,
): ProbeResult {
  const { features } = backbone;
  return {
    format: "duchenne-probe",
    formatVersion: 1,
    complete: false,
    versions: { ...packageVersions(), libtorch: info().version, node: process.versions.node },
    backbone: {
      ...{ description, from, arch, size, features, dataset, origin },
      ...(earlier && earlier.length > 0 && { earlier: [...earlier] }),
      digest: weightsDigest(backbone),
    },
    data: describePlan(store, plan),
    settings,
    classes: classNames(plan),
    test: describeTest(plan),
    cells: [],
    summary: [],
  };
}

/** Computes what the result lacks. Duplicates are reported before any score. */
async function complete(context: ProbeContext, found: ProbeResult): Promise<ProbeResult> {
  const { settings, hooks } = context;
  const missing = missingCells(context, found.cells);
  using prints = needsDuplicates(found) ? fingerprinterOf(context) : undefined;
  const needsFeatures = missing.length > 0 && settings.mode !== "finetune";
  using features = needsFeatures ? await featuresOf(context, found, prints) : undefined;
  const counted = prints ? await findDuplicates(context, found, prints) : found;
  for (const notice of duplicateNotices(counted)) hooks.onNotice?.(notice);
  if (missing.length === 0 && found.complete) return counted;
  return finish(context, await fillCells(context, counted, missing, features));
}

/** The task identity has one split. */
const needsDuplicates = ({ settings, data }: ProbeResult): boolean =>
  settings.task !== "identity" && data.duplicates.length === 0;

const fingerprinterOf = ({ store, plan }: ProbeContext): Fingerprinter =>
  new Fingerprinter(
    store,
    plan.images.map(({ key }) => key),
  );

/** Features of all images, which the caller disposes. @param prints takes the fingerprints of the frames that are read */
function featuresOf(
  context: ProbeContext,
  { backbone, data, cells }: ProbeResult,
  prints: Fingerprinter | undefined,
): Promise<Tensor> {
  const { loaded, store, plan, device, cache, yieldTurn, settings, hooks } = context;
  const progress = { stage: "features", cellsDone: cells.length, cells: plannedCells(settings).length };
  return computeFeatures({
    loaded,
    store,
    images: plan.images,
    train: plan.splits.train,
    device,
    view: plainView(context),
    augment: settings.augment,
    seed: settings.seed,
    cache,
    digests: { weights: backbone.digest, store: data.digest },
    yieldTurn,
    onDone: (done, total) => hooks.onProgress?.({ ...progress, done, total }),
    onFrames: (images, frames) => prints?.add(images, frames),
  });
}

const SPLIT_PAIRS = [
  ["train", "validation"],
  ["train", "test"],
  ["validation", "test"],
] as const;

/** Counts the images that two splits share: such images make scores too good. */
async function findDuplicates(
  { plan, settings, yieldTurn, hooks, save }: ProbeContext,
  result: ProbeResult,
  prints: Fingerprinter,
): Promise<ProbeResult> {
  const total = plan.images.length;
  const progress = { stage: "duplicates", total, cellsDone: 0, cells: plannedCells(settings).length };
  const all = await prints.finish(yieldTurn, (done) => hooks.onProgress?.({ ...progress, done }));
  const duplicates = SPLIT_PAIRS.map(([a, b]) => ({
    parts: [a, b] as [string, string],
    ...countDuplicates(all, plan.splits[a], plan.splits[b]),
  }));
  return save({ ...result, data: { ...result.data, duplicates } });
}

function finish({ plan, settings, save }: ProbeContext, result: ProbeResult): ProbeResult {
  const { images, splits, targets } = plan;
  const persons = splits.test.map((i) => images[i]!.person);
  const truth = targets && { targets, indices: splits.test, persons };
  return save({ ...result, summary: summarize(result.cells, truth, settings.resamples), complete: true });
}
