import { info } from "@duchenne/torch";
import { FrameStore } from "../data/store/frameStore.ts";
import { packageVersions } from "../data/store/versions.ts";
import { checkKeys } from "../lib/checkKeys.ts";
import { makeYieldTurn } from "../lib/yieldTurn.ts";
import { isSlowAutocast, SLOW_AUTOCAST } from "../ssl/config/autocast.ts";
import { amongRanks, type Ranks } from "../ssl/train/ranks.ts";
import { fillCells, missingCells, plainView, plannedCells } from "./cells.ts";
import type { ProbeContext, ProbedBackbone, ProbeHooks } from "./context.ts";
import { countDuplicates } from "./data/duplicates.ts";
import { Fingerprinter } from "./data/fingerprint.ts";
import { assistFeatures, computeFeatures, type FeatureRequest } from "./features/features.ts";
import { weightsDigest } from "./features/weightsDigest.ts";
import { presentPairs, readPairs } from "./identity/verification.ts";
import { duplicateNotices, pairNotices, splitNotices } from "./notices.ts";
import { classNames, describePlan, describeTest, type EvaluationPlan, makePlan } from "./plan.ts";
import { checkSave } from "./predictors/predictorKeeper.ts";
import { resumeResult, saveResult } from "./results/resultFile.ts";
import { summarize } from "./results/summarize.ts";
import {
  type ProbeOptions,
  type ProbeSettings,
  probeSettings,
  requireFeaturePass,
} from "./schema/options.ts";
import type { ProbeResult } from "./schema/result.ts";

/** What `probe` does. @throws what `probe` throws */
export async function evaluateBackbone(
  loaded: ProbedBackbone,
  storePath: string,
  options: ProbeOptions,
  hooks: ProbeHooks,
): Promise<ProbeResult> {
  checkKeys(
    "probe",
    hooks,
    Object.keys({ onProgress: true, onNotice: true, signal: true, rankTimeoutSeconds: true } satisfies Record<
      keyof ProbeHooks,
      true
    >),
  );
  return amongRanks(hooks.rankTimeoutSeconds, (ranks) => probeAs(ranks, loaded, storePath, options, hooks));
}

async function probeAs(
  ranks: Ranks | undefined,
  loaded: ProbedBackbone,
  storePath: string,
  { cache, pairs: pairsPath, device = "cpu", save: predictorFolder, out, ...given }: ProbeOptions,
  hooks: ProbeHooks,
): Promise<ProbeResult> {
  const settings = probeSettings(given);
  if (ranks) requireFeaturePass(settings);
  const isFirst = ranks?.isFirst ?? true;
  if (isFirst) checkSave(predictorFolder, settings);
  const allPairs = pairsPath === undefined ? undefined : readPairs(pairsPath);
  const store = FrameStore.open(storePath);
  try {
    const plan = makePlan(store, settings);
    const pairs = allPairs && presentPairs(allPairs, plan.images);
    const start = startResult(loaded, store, settings, plan);
    ranks?.requireSame(comparable(start));
    const yieldTurn = makeYieldTurn(hooks.signal);
    const inputs = { loaded, store, settings, plan, device, pairs, cache, predictorFolder, out, ranks };
    const save = (result: ProbeResult) => {
      saveResult(out, result);
      return result;
    };
    const context = { ...inputs, save, hooks, yieldTurn };
    if (ranks && !isFirst) return await assist({ ...context, ranks }, start);
    const found = resumeResult(out, start);
    const notices = [...splitNotices(found), ...(allPairs ? pairNotices(allPairs, pairs!) : [])];
    if (
      settings.mode === "finetune" &&
      isSlowAutocast({ device: String(device), autocast: settings.autocast })
    )
      notices.push(SLOW_AUTOCAST);
    for (const notice of notices) hooks.onNotice?.(notice);
    return await complete(context, found);
  } finally {
    await store.close();
  }
}

/** What all processes of an evaluation must have in common. */
const comparable = ({ settings, backbone, data, versions }: ProbeResult): Record<string, unknown> => ({
  ...settings,
  ...{ weights: backbone.digest, size: backbone.size, store: data.digest },
  ...versions,
});

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
    data: describePlan(store, plan, settings),
    settings,
    classes: classNames(plan),
    test: describeTest(plan),
    cells: [],
    summary: [],
  };
}

/** What rank 0 tells the others to compute. */
interface SharedWork {
  readonly features: boolean;
  readonly prints: boolean;
}

/** Computes what the result lacks. Duplicates are reported before any score. */
async function complete(context: ProbeContext, found: ProbeResult): Promise<ProbeResult> {
  const { settings, hooks, ranks } = context;
  const missing = missingCells(context, found.cells);
  using prints = needsDuplicates(found) ? fingerprinterOf(context) : undefined;
  const needsFeatures = missing.length > 0 && settings.mode !== "finetune";
  const work: SharedWork = { features: needsFeatures, prints: prints !== undefined };
  ranks?.textOfFirst(JSON.stringify(work));
  using features = needsFeatures ? await computeFeatures(featureRequest(context, found, prints)) : undefined;
  const counted = prints ? await findDuplicates(context, found, prints) : found;
  for (const notice of duplicateNotices(counted)) hooks.onNotice?.(notice);
  if (missing.length === 0 && found.complete) return counted;
  return finish(context, await fillCells(context, counted, missing, features));
}

/** Does this process's part of rank 0's work. @returns the result without scores */
async function assist(context: ProbeContext & { ranks: Ranks }, start: ProbeResult): Promise<ProbeResult> {
  const { ranks } = context;
  const work = JSON.parse(ranks.textOfFirst("")) as SharedWork;
  using prints = work.prints ? fingerprinterOf(context) : undefined;
  if (work.features) await assistFeatures({ ...featureRequest(context, start, prints), ranks });
  return start;
}

/** The task identity has one split. */
const needsDuplicates = ({ settings, data }: ProbeResult): boolean =>
  settings.task !== "identity" && data.duplicates.length === 0;

const fingerprinterOf = ({ store, plan }: ProbeContext): Fingerprinter =>
  new Fingerprinter(
    store,
    plan.images.map(({ key }) => key),
  );

/** @param prints takes the fingerprints of the frames that are read */
function featureRequest(
  context: ProbeContext,
  { backbone, data, cells }: ProbeResult,
  prints: Fingerprinter | undefined,
): FeatureRequest {
  const { loaded, store, plan, device, cache, yieldTurn, settings, hooks, ranks } = context;
  const progress = { stage: "features", cellsDone: cells.length, cells: plannedCells(settings).length };
  return {
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
    prints,
    ranks,
  };
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
