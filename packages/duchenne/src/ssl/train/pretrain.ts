import { info, setThreads } from "@duchenne/torch";
import { packageVersions } from "../../data/store/versions.ts";
import { ConfigError } from "../../lib/errors.ts";
import { checkDevice } from "../config/checkDevice.ts";
import type { PretrainConfig } from "../config/config.ts";
import { checkPieces } from "../methods/index.ts";
import { type Checkpoint, checkpointsOf, listCheckpoints } from "../run/checkpoint.ts";
import { RunFolderError } from "../run/errors.ts";
import { resumeRun, startRun } from "../run/runFolder.ts";
import { unlockRun } from "../run/runLock.ts";
import { saveCulprit } from "./culprit.ts";
import { NonFiniteError } from "./errors.ts";
import { FigureWindow } from "./figures.ts";
import { Learner } from "./learner.ts";
import { openStoreData, type StoreData } from "./storeData.ts";
import { type PretrainProgress, Trainer, type Training } from "./trainer.ts";

export type { PretrainProgress } from "./trainer.ts";

export interface PretrainOptions {
  /** Go on with the run in the folder; default: start one there. */
  readonly resume?: boolean;
  /** How it was called, for the record. */
  readonly command?: string;
  readonly onProgress?: (progress: PretrainProgress) => void;
  /** Told what the user should know: pieces that are off, what was loaded, damaged checkpoints. */
  readonly onNotice?: (notice: string) => void;
  /** Ends the run after the step it is at, with a checkpoint. */
  readonly signal?: AbortSignal;
}

export interface PretrainSummary {
  readonly runFolder: string;
  /** The newest checkpoint's folder. */
  readonly checkpoint: string;
  /** Updates done, of how many; fewer where the run was stopped. */
  readonly step: number;
  readonly totalSteps: number;
  /** Of this part of the run. */
  readonly images: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly waitShare: number;
  /** Running mean at the end; null where no step was done. */
  readonly loss: number | null;
  readonly notices: readonly string[];
}

/**
 * Learns a representation from the clips of a store.
 * @param storePath a prepared store   @param runFolder where config, metrics, events and checkpoints go
 * @throws ConfigError, PieceError, SamplingError, StoreError, RunFolderError for what cannot be started; CheckpointError
 * where one cannot be read or saved; RunFolderError when a loss is no number, once the batch is saved for inspection
 */
export async function pretrain(
  storePath: string,
  runFolder: string,
  config: PretrainConfig,
  options: PretrainOptions = {},
): Promise<PretrainSummary> {
  checkPieces(config.method, config);
  useMachine(config);
  const notices: string[] = [];
  const note = (notice: string) => {
    notices.push(notice);
    options.onNotice?.(notice);
  };
  const data = await openStoreData(storePath, config);
  for (const notice of data.notices) note(notice);
  const learner = new Learner(data.config, data.featureLength);
  try {
    const checkpoint = openRun(runFolder, config, data, learner, options, note);
    const training = {
      ...{ runFolder, data, learner },
      figures: new FigureWindow(checkpoint?.state.smoothedLoss, checkpoint?.state.figures),
      startStep: checkpoint?.state.step ?? 0,
      totalSteps: config.steps ?? config.epochs! * data.sampler.stepsPerEpoch,
      onProgress: options.onProgress ?? (() => {}),
    };
    const trainer = new Trainer(training);
    await run(trainer, training, options.signal);
    return summarize(trainer, training, notices);
  } finally {
    unlockRun(runFolder);
    learner.dispose();
  }
}

/** @throws ConfigError for a device that is not there, or a run without an end */
function useMachine({ device, threads, epochs, steps }: PretrainConfig): void {
  if ((epochs === null) === (steps === null))
    throw new ConfigError("--epochs", "either epochs or steps", epochs === null ? "neither" : "both");
  checkDevice(device);
  if (threads !== null) setThreads(threads);
}

/** Starts or resumes the run in its folder, and puts the learner where it begins. @returns the checkpoint it goes on from */
function openRun(
  runFolder: string,
  config: PretrainConfig,
  data: StoreData,
  learner: Learner,
  { resume, command = "" }: PretrainOptions,
  note: (notice: string) => void,
): Checkpoint | undefined {
  if (resume) {
    const { checkpoint, notices } = resumeRun(runFolder, config, data.identity);
    for (const notice of notices) note(notice);
    if (checkpoint) {
      learner.restore(checkpoint);
      note(`going on from step ${checkpoint.state.step}`);
      return checkpoint;
    }
  }
  if (config.init !== null) note(learner.initialize(config.init));
  if (!resume) {
    const versions = { ...packageVersions(), libtorch: info().version, node: process.version };
    startRun(runFolder, { command, config, notices: [...data.notices], store: data.identity, versions });
  }
  return undefined;
}

/** Where a number is none, saves the batch and says where. */
async function run(trainer: Trainer, training: Training, signal?: AbortSignal): Promise<void> {
  try {
    await trainer.run(signal);
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    const { runFolder } = training;
    const folder = await saveCulprit(training, error);
    const last = listCheckpoints(checkpointsOf(runFolder)).at(-1);
    const kept = last ? `the checkpoint of step ${last.step} is good` : "there is no checkpoint yet";
    throw new RunFolderError(
      runFolder,
      `${error.message}; the batch is saved in ${folder}, and ${kept}. ` +
        "A lower --learning-rate or a longer --warmup-steps usually helps",
      { cause: error },
    );
  }
}

function summarize(
  { step, total }: Trainer,
  { runFolder, totalSteps, figures }: Training,
  notices: readonly string[],
): PretrainSummary {
  const checkpoint = listCheckpoints(checkpointsOf(runFolder)).at(-1)?.path ?? "";
  const { images, seconds } = total;
  const loss = figures.smoothedLoss;
  return { runFolder, checkpoint, step, totalSteps, images, seconds, ...total.rates(), loss, notices };
}
