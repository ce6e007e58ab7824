/** Downstream evaluation: what a representation is worth with few labels, or many. */
import { info } from "@duchenne/torch";
import { FrameStore } from "../data/store/frameStore.ts";
import { packageVersions } from "../data/store/versions.ts";
import {
  cellsOf,
  featuresOf,
  fillCells,
  missingCells,
  type ProbedBackbone,
  type ProbeHooks,
  type Run,
} from "./cells.ts";
import { weightsDigest } from "./digest.ts";
import { countTwins } from "./duplicates.ts";
import { Fingerprinter } from "./fingerprint.ts";
import { checkSave } from "./keepPredictor.ts";
import { type ProbeOptions, type ProbeSettings, probeSettings } from "./options.ts";
import { makePace } from "./pace.ts";
import { classNames, describePlan, describeTest, makePlan, type Plan } from "./plan.ts";
import type { ProbeResult } from "./result.ts";
import { resumeResult, saveResult } from "./resultFile.ts";
import { summarize } from "./summarize.ts";
import { readPairs } from "./verification.ts";

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
    const pace = makePace(hooks.signal);
    const work = { loaded, store, settings, plan, device, cache, pairs, pace };
    const run = { ...work, hooks, predictorFolder, save };
    for (const notice of partNotices(found)) hooks.onNotice?.(notice);
    return await complete(run, found);
  } finally {
    await store.close();
  }
}

/** Does what the result lacks. Duplicates are known before any score is. */
async function complete(run: Run, found: ProbeResult): Promise<ProbeResult> {
  const { store, plan, settings, hooks } = run;
  const missing = missingCells(run, found);
  // Identity has no parts.
  const isCounted = settings.task === "identity" || found.data.duplicates.length > 0;
  using prints = isCounted
    ? undefined
    : new Fingerprinter(
        store,
        plan.images.map(({ key }) => key),
      );
  using features =
    missing.length === 0 || settings.mode === "finetune" ? undefined : await featuresOf(run, found, prints);
  const counted = prints ? await countDuplicates(run, found, prints) : found;
  for (const notice of duplicateNotices(counted)) hooks.onNotice?.(notice);
  if (missing.length === 0 && found.complete) return counted;
  return finish(run, await fillCells(run, counted, missing, features));
}

function startResult(
  { backbone, arch, size, dataset, description }: ProbedBackbone,
  store: FrameStore,
  settings: ProbeSettings,
  plan: Plan,
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

const PARTS = [
  ["train", "validation"],
  ["train", "test"],
  ["validation", "test"],
] as const;

/** Twins across parts make scores too good. */
async function countDuplicates(run: Run, result: ProbeResult, prints: Fingerprinter): Promise<ProbeResult> {
  const { plan, settings, pace, hooks } = run;
  const total = plan.images.length;
  const progress = { stage: "duplicates", total, cellsDone: 0, cells: cellsOf(settings).length };
  const all = await prints.finish(pace, (done) => hooks.onProgress?.({ ...progress, done }));
  const duplicates = PARTS.map(([a, b]) => ({
    parts: [a, b] as [string, string],
    ...countTwins(all, plan.parts[a], plan.parts[b]),
  }));
  return run.save({ ...result, data: { ...result.data, duplicates } });
}

/** What whoever reads the scores should know first. */
function partNotices({ data, settings }: ProbeResult): string[] {
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

function finish({ plan, settings, save }: Run, result: ProbeResult): ProbeResult {
  const { images, parts, targets } = plan;
  const persons = parts.test.map((i) => images[i]!.person);
  const truth = targets && { targets, indices: parts.test, persons };
  return save({ ...result, summary: summarize(result.cells, truth, settings.resamples), complete: true });
}
