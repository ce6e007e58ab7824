/** Downstream evaluation: what a representation is worth with few labels, or many. */
import { info } from "@duchenne/torch";
import { FrameStore } from "../data/store/frameStore.ts";
import { packageVersions } from "../data/store/versions.ts";
import { makeYieldTurn } from "../lib/yieldTurn.ts";
import {
  featuresOf,
  fillCells,
  missingCells,
  type ProbeContext,
  type ProbedBackbone,
  type ProbeHooks,
  plannedCells,
} from "./cells.ts";
import { countDuplicates } from "./data/duplicates.ts";
import { Fingerprinter } from "./data/fingerprint.ts";
import { classNames, describePlan, describeTest, type EvaluationPlan, makePlan } from "./data/plan.ts";
import { weightsDigest } from "./features/weightsDigest.ts";
import { readPairs } from "./identity/verification.ts";
import { checkSave } from "./predictors/keepPredictor.ts";
import { resumeResult, saveResult } from "./results/resultFile.ts";
import { summarize } from "./results/summarize.ts";
import { type ProbeOptions, type ProbeSettings, probeSettings } from "./schema/options.ts";
import type { ProbeResult } from "./schema/result.ts";

export type { ProbedBackbone, ProbeHooks, ProbeProgress } from "./cells.ts";

/**
 * Evaluates a backbone on a labelled store: by the paper's predictor on frozen features, by fine-tuning, a linear layer or
 * nearest neighbours, or by what its features know of identity; for each label budget and seed. The test part chooses nothing.
 * @param loaded in evaluation mode, and left as it was   @param storePath a prepared store
 * @throws ProbeError if the store lacks what the task needs, or an option is out of range; StoreError
 */
export async function probe(
  loaded: ProbedBackbone,
  storePath: string,
  { cache, pairs: file, device = "cpu", save: predictorFolder, out, ...given }: ProbeOptions = {},
  hooks: ProbeHooks = {},
): Promise<ProbeResult> {
  const settings = probeSettings(given);
  checkSave(predictorFolder, settings);
  const pairs = file === undefined ? undefined : { file, folds: readPairs(file) };
  const store = FrameStore.open(storePath);
  try {
    const plan = makePlan(store, settings);
    const found = resumeResult(out, startResult(loaded, store, settings, plan));
    const save = (result: ProbeResult) => {
      saveResult(out, result);
      return result;
    };
    const yieldTurn = makeYieldTurn(hooks.signal);
    const context: ProbeContext = {
      loaded,
      store,
      settings,
      plan,
      device,
      cache,
      pairs,
      yieldTurn,
      hooks,
      predictorFolder,
      save,
    };
    for (const notice of splitNotices(found)) hooks.onNotice?.(notice);
    return await complete(context, found);
  } finally {
    await store.close();
  }
}

/** Does what the result lacks. Duplicates are known before any score is. */
async function complete(context: ProbeContext, found: ProbeResult): Promise<ProbeResult> {
  const { store, plan, settings, hooks } = context;
  const missing = missingCells(context, found);
  // Identity has one set of images.
  const isCounted = settings.task === "identity" || found.data.duplicates.length > 0;
  using prints = isCounted
    ? undefined
    : new Fingerprinter(
        store,
        plan.images.map(({ key }) => key),
      );
  using features =
    missing.length === 0 || settings.mode === "finetune"
      ? undefined
      : await featuresOf(context, found, prints);
  const counted = prints ? await findDuplicates(context, found, prints) : found;
  for (const notice of duplicateNotices(counted)) hooks.onNotice?.(notice);
  if (missing.length === 0 && found.complete) return counted;
  return finish(context, await fillCells(context, counted, missing, features));
}

function startResult(
  { backbone, arch, size, dataset, description }: ProbedBackbone,
  store: FrameStore,
  settings: ProbeSettings,
  plan: EvaluationPlan,
): ProbeResult {
  return {
    format: "duchenne-probe",
    formatVersion: 1,
    complete: false,
    versions: { ...packageVersions(), libtorch: info().version, node: process.versions.node },
    backbone: {
      description,
      arch,
      size,
      features: backbone.features,
      dataset,
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

const SPLIT_PAIRS = [
  ["train", "validation"],
  ["train", "test"],
  ["validation", "test"],
] as const;

/** Counts the images that two splits share: they make scores too good. */
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

/** The notices that precede any score. */
function splitNotices({ data, settings }: ProbeResult): string[] {
  const { train, validation, test } = data;
  const parts =
    settings.task === "identity"
      ? `${test.images} images of ${test.persons} people: ${data.splitRule}`
      : `${train.images} images train, ${validation.images} validate, ${test.images} test: ${data.splitRule}`;
  const leftOut = Object.entries(data.leftOut).map(
    ([reason, count]) => `left out: ${count} images, ${reason}`,
  );
  return [parts, ...leftOut];
}

function duplicateNotices({ data }: ProbeResult): string[] {
  return data.duplicates
    .filter(({ exact, near }) => exact + near > 0)
    .map(
      ({ parts: [a, b], exact, near }) =>
        `duplicates: ${exact} images of ${b} are in ${a} too, pixel for pixel, and ${near} nearly so`,
    );
}

function finish({ plan, settings, save }: ProbeContext, result: ProbeResult): ProbeResult {
  const { images, splits, targets } = plan;
  const persons = splits.test.map((i) => images[i]!.person);
  const truth = targets && { targets, indices: splits.test, persons };
  return save({ ...result, summary: summarize(result.cells, truth, settings.resamples), complete: true });
}
