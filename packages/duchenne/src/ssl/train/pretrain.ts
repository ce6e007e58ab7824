import { getThreads, info, setThreads } from "@duchenne/torch";
import { packageVersions } from "../../data/store/versions.ts";
import { isSlowAutocast, SLOW_AUTOCAST, usesAutocast } from "../config/autocast.ts";
import { requireDivisible } from "../config/checkBatch.ts";
import { checkDevice } from "../config/checkDevice.ts";
import { checkpointsOf, listCheckpoints } from "../run/checkpoint.ts";
import type { CheckpointState } from "../run/checkpointState.ts";
import { RunFolderError } from "../run/errors.ts";
import { resumeRun, startRun } from "../run/runFolder.ts";
import { unlockRun } from "../run/runLock.ts";
import { type CurriculumSettings, ProgressCurriculum } from "./curriculum.ts";
import { NonFiniteError } from "./errors.ts";
import { FigureWindow } from "./figures.ts";
import { Learner } from "./learner.ts";
import { saveNonFiniteBatch } from "./nonFiniteBatch.ts";
import { amongRanks, deviceOfRank, type Ranks, type RestoredState } from "./ranks.ts";
import { planRun, type RunPlan, type RunValues } from "./runPlan.ts";
import { type PretrainProgress, Trainer, type Training } from "./trainer.ts";

export type { PretrainProgress } from "./trainer.ts";

/** How a run is carried out, beside what it does. */
export interface PretrainControl {
  /** Go on with the run in `out`, with the same values; default: start one there. */
  readonly resume?: boolean;
  /** How the run was called, for the record. */
  readonly command?: string;
  /** Called after every update. */
  readonly onProgress?: (progress: PretrainProgress) => void;
  /** Called with what the user should know: components that are off, what was loaded, damaged checkpoints. */
  readonly onNotice?: (notice: string) => void;
  /** Ends the run after the step it is at, with a checkpoint. Of several processes, that of any of them. */
  readonly signal?: AbortSignal;
  /** How long processes that train together wait for each other; default 300. */
  readonly rankTimeoutSeconds?: number;
}

/** Everything that `pretrain` takes. */
export interface PretrainOptions extends RunValues, PretrainControl {
  /** Folder of the run: config.json, metrics.jsonl, TensorBoard's events and checkpoints go there. */
  readonly out: string;
}

/** What a call of `pretrain` did. */
export interface PretrainSummary {
  readonly runFolder: string;
  /** The newest checkpoint's folder; empty if none was saved. */
  readonly checkpoint: string;
  /** Updates done, of how many; fewer if the run was stopped. */
  readonly step: number;
  readonly totalSteps: number;
  /** Images, seconds and images per second of this call. */
  readonly images: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Share of `seconds` spent waiting for data, in [0, 1]. */
  readonly waitShare: number;
  /** Running mean at the end; null if no step was done. */
  readonly loss: number | null;
  readonly notices: readonly string[];
}

/**
 * Learns a representation from the clips of a store, without labels.
 *
 * Processes that a launcher started (torchrun, Slurm, Kubernetes, mpirun, or `duchenne pretrain --nproc`) train one run together: loss and
 * gradient equal those of one process up to rounding, except with `microBatch` or without synchronised BatchNorm. Rank 0 alone writes, and calls `onProgress`.
 * @returns what was done; `step` is below `totalSteps` if the signal stopped the run
 * @throws ConfigError, ComponentError, SamplingError, StoreError or RunFolderError for a run that cannot be started;
 * CheckpointError for a checkpoint that cannot be read or saved; RunFolderError for a loss that is no number, once the batch is
 * saved for inspection; ProcessGroupError if another process ends or does not answer; RankMismatchError if one has other settings
 */
export async function pretrain({
  out,
  resume = false,
  command = "",
  onProgress = () => {},
  onNotice,
  signal,
  rankTimeoutSeconds,
  ...values
}: PretrainOptions): Promise<PretrainSummary> {
  const control = {
    out,
    resume,
    command,
    onProgress,
    ...(onNotice && { onNotice }),
    ...(signal && { signal }),
  };
  return amongRanks(rankTimeoutSeconds, (ranks) => pretrainAs(ranks, values, control));
}

type Control = Required<Pick<PretrainOptions, "out" | "resume" | "command" | "onProgress">> &
  Pick<PretrainControl, "onNotice" | "signal">;

async function pretrainAs(
  ranks: Ranks | undefined,
  values: RunValues,
  { out, resume, command, onProgress, onNotice, signal }: Control,
): Promise<PretrainSummary> {
  const notices: string[] = [];
  const note = (notice: string) => {
    notices.push(notice);
    onNotice?.(notice);
  };
  const device =
    values.device !== undefined && ranks ? deviceOfRank(values.device, ranks.localRank) : values.device;
  useMachine({ ...values, ...(device !== undefined && { device }) });
  const wanted = await planRun(values, ranks?.share);
  requireDivisible(wanted.data.sampler.clipsPerBatch, ranks?.share.worldSize ?? 1);
  const plan = device === undefined ? wanted : { ...wanted, training: { ...wanted.training, device } };
  ranks?.requireSame(comparable(plan));
  for (const notice of plan.data.notices) note(notice);
  if (isSlowAutocast(plan.training)) note(SLOW_AUTOCAST);
  const learner = learnerOf(plan);
  try {
    const isWriter = ranks?.isFirst ?? true;
    const found = isWriter
      ? openRun(out, plan, learner, { resume, command, ...(ranks && { ranks }) }, note)
      : undefined;
    const state = ranks ? ranks.shareState(learner, found) : found;
    const curriculum = curriculumOf(plan, state, ranks);
    const training: Training = {
      ...(curriculum && { curriculum }),
      runFolder: out,
      plan,
      learner,
      figures: new FigureWindow(state?.smoothedLoss, state?.figures),
      startStep: state?.step ?? 0,
      onProgress,
      ...(ranks && { ranks }),
    };
    const trainer = new Trainer(training);
    await run(trainer, training, signal);
    return summarize(trainer, training, notices);
  } finally {
    if (ranks?.isFirst ?? true) unlockRun(out);
    learner.dispose();
  }
}

/** What all processes of a run must have in common. */
function comparable({ config, data }: RunPlan): Record<string, unknown> {
  const { threads: _, workers: __, ...settings } = config;
  return {
    ...settings,
    store: data.identity.digest,
    ...packageVersions(),
    libtorch: info().version,
    node: process.version,
  };
}

/** @throws ConfigError for a device that is not there */
function useMachine({ device, threads }: Pick<RunValues, "device" | "threads">): void {
  if (device !== undefined) checkDevice(device);
  if (threads != null) setThreads(threads);
}

/** A plan's networks with fresh weights, and their optimiser. */
export function learnerOf({ values, training, data }: RunPlan): Learner {
  const { seed, device, microBatch, syncBatchNorm } = training;
  const { method, optimizer } = values;
  const autocast = usesAutocast(training);
  return new Learner({
    method,
    optimizer,
    featureLength: data.featureLength,
    people: data.people,
    seed,
    device,
    autocast,
    microBatch,
    syncBatchNorm,
  });
}

/** How the components of a plan grow, if that goes by progress. */
function curriculumOf(
  { values, totalSteps }: RunPlan,
  state: RestoredState | undefined,
  ranks: Ranks | undefined,
): ProgressCurriculum | undefined {
  const { curriculum, curriculumFraction, curriculumTop1 } = values.views
    .settings as Partial<CurriculumSettings>;
  if (curriculum !== "progress") return undefined;
  const settings = { curriculum, curriculumFraction: curriculumFraction!, curriculumTop1: curriculumTop1! };
  const agree = ranks && ((value: number) => ranks.valueOfFirst(value));
  return new ProgressCurriculum(settings, totalSteps, state?.step, state?.curriculum, agree);
}

/** Starts or resumes the run in its folder, and puts the learner where it begins. @returns the checkpoint it continues from */
function openRun(
  runFolder: string,
  { config, requested, data, training }: RunPlan,
  learner: Learner,
  { resume, command, ranks }: { resume: boolean; command: string; ranks?: Ranks },
  note: (notice: string) => void,
): CheckpointState | undefined {
  const worldSize = ranks?.share.worldSize ?? 1;
  if (resume) {
    const { checkpoint, notices } = resumeRun(runFolder, { config, requested }, data.identity);
    for (const notice of notices) note(notice);
    if (checkpoint) {
      learner.restore(checkpoint);
      const { step, worldSize: before = 1 } = checkpoint.state;
      note(`resuming from step ${step}`);
      if (before !== worldSize)
        note(`processes: ${before} before, ${worldSize} now; the run continues equal but for rounding`);
      return checkpoint.state;
    }
  }
  if (training.init !== null) note(learner.initialize(training.init));
  if (!resume) {
    const versions = { ...packageVersions(), libtorch: info().version, node: process.version };
    const threads = training.threads ?? getThreads();
    const record = { command, config: { ...config, threads }, notices: [...data.notices], versions };
    startRun(runFolder, { ...record, store: data.identity, ...(ranks && { worldSize }) });
  }
  return undefined;
}

/** Trains; if a loss is no number, saves the batch and names its folder in the error. */
async function run(trainer: Trainer, training: Training, signal?: AbortSignal): Promise<void> {
  try {
    await trainer.run(signal);
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    const { runFolder, ranks } = training;
    if (ranks && !ranks.isFirst) throw error; // rank 0 has it, too, and saves the batch
    const folder = await saveNonFiniteBatch(training, error);
    const last = listCheckpoints(checkpointsOf(runFolder)).at(-1);
    const kept = last ? `the checkpoint of step ${last.step} is good` : "there is no checkpoint yet";
    throw new RunFolderError(
      runFolder,
      error.expected,
      `step ${error.step}: ${error.what} is ${error.value}; the batch is saved in ${folder}, and ${kept}`,
      error.remedy,
      { cause: error },
    );
  }
}

function summarize(
  { step, total }: Trainer,
  { runFolder, plan, figures }: Training,
  notices: readonly string[],
): PretrainSummary {
  const checkpoint = listCheckpoints(checkpointsOf(runFolder)).at(-1)?.path ?? "";
  const { images, seconds } = total;
  const loss = figures.smoothedLoss;
  const { totalSteps } = plan;
  return { runFolder, checkpoint, step, totalSteps, images, seconds, ...total.rates(), loss, notices };
}
