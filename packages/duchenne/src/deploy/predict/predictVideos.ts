/** Predictions for images and videos, one input after the other. */
import { FaceError, type MediaDamage, MediaError } from "@duchenne/face";
import { type Model, Smoother } from "@duchenne/predict";
import { checkKeys } from "../../lib/checkKeys.ts";
import { damageText } from "../../lib/damageText.ts";
import { type Input, listInputs } from "./inputs.ts";
import { openInput } from "./openInput.ts";
import { faceOptionsFor, type PredictedFrame, predictFrames } from "./predictFrames.ts";

/** Options of `predictFile` and `predictVideos`. */
export interface PredictOptions {
  /** Frames to predict per second of video; default: all. */
  readonly fps?: number;
  /** Time constant of the smoothing over time, seconds; default: no smoothing. */
  readonly smoothSeconds?: number;
  /** File of another dlib 68-point landmark model. */
  readonly landmarkModel?: string;
  /** Stops the prediction. */
  readonly signal?: AbortSignal;
}

/** How far a prediction is. */
export interface PredictProgress {
  /** Index of the input, and number of inputs. */
  readonly input: number;
  readonly inputs: number;
  readonly path: string;
  /** Time of the latest frame in the video. */
  readonly seconds: number;
  /** Length of the video; 0 if unknown. */
  readonly totalSeconds: number;
}

/** Callbacks of `predictVideos`. */
export interface PredictHooks {
  /** Called with every frame and its predictions; the next frame waits for the returned promise. */
  readonly onFrame: (path: string, predicted: PredictedFrame) => void | Promise<void>;
  /** Called after every frame. */
  readonly onProgress?: (progress: PredictProgress) => void;
  /** Called for files without a face, damaged files, and files left out. */
  readonly onProblem?: (message: string) => void;
}

/** Counts over all inputs. */
export interface PredictSummary {
  frames: number;
  faces: number;
  /** Files in which no face was found, and files that could not be read. */
  faceless: number;
  unreadable: number;
}

const OPTIONS = Object.keys({
  fps: true,
  smoothSeconds: true,
  landmarkModel: true,
  signal: true,
} satisfies Record<keyof PredictOptions, true>);
const HOOKS = Object.keys({ onFrame: true, onProgress: true, onProblem: true } satisfies Record<
  keyof PredictHooks,
  true
>);

/**
 * Predicts for the faces in an image or a video, frame by frame.
 * @param model from `openModel`   @param path of an image or a video
 * @throws ConfigError for an unknown option; MediaError for a file that cannot be read; FaceError if there is no landmark model
 */
export async function* predictFile(
  model: Model,
  path: string,
  options: PredictOptions = {},
): AsyncGenerator<PredictedFrame> {
  checkKeys("predictFile", options, OPTIONS);
  const { fps, smoothSeconds, landmarkModel, signal } = options;
  const [input] = listInputs([path], () => {});
  const { frames, frameRateHz } = await openInput(input!, fps, signal);
  const smoother = smoothSeconds === undefined ? undefined : new Smoother(smoothSeconds);
  yield* predictFrames(model, frames, faceOptionsFor(model, frameRateHz, landmarkModel), smoother);
}

/**
 * Predicts for images and videos. A file that cannot be read is reported and left out, unless no file can be read.
 * @throws ConfigError for an unknown option or hook; MediaError of the last file if none can be read; FaceError if there is no landmark model
 */
export async function predictVideos(
  model: Model,
  inputs: readonly Input[],
  options: PredictOptions,
  hooks: PredictHooks,
): Promise<PredictSummary> {
  checkKeys("predictVideos", options, OPTIONS);
  checkKeys("predictVideos", hooks, HOOKS);
  const summary: PredictSummary = { frames: 0, faces: 0, faceless: 0, unreadable: 0 };
  for (const [i, input] of inputs.entries()) {
    try {
      await predictVideo(model, input, { i, count: inputs.length }, options, hooks, summary);
    } catch (error) {
      const fault = faultOf(input, error);
      if (fault === undefined) throw error;
      summary.unreadable += 1;
      if (summary.unreadable === inputs.length) throw fault;
      hooks.onProblem?.(`left out: ${fault.message}`);
    }
  }
  return summary;
}

/** The error, naming the input, if the input is at fault; else the next input would fare no better. */
function faultOf({ path }: Input, error: unknown): MediaError | undefined {
  if (error instanceof MediaError) return error;
  if (!(error instanceof FaceError) || error.subject !== "dlib") return undefined;
  return new MediaError(path, error.expected, error.received, { cause: error });
}

async function predictVideo(
  model: Model,
  input: Input,
  { i, count }: { i: number; count: number },
  { fps, smoothSeconds, landmarkModel, signal }: PredictOptions,
  { onFrame, onProgress, onProblem }: PredictHooks,
  summary: PredictSummary,
): Promise<void> {
  const { frames, frameRateHz, totalSeconds } = await openInput(input, fps, signal);
  const smoother = smoothSeconds === undefined ? undefined : new Smoother(smoothSeconds);
  const predictions = predictFrames(
    model,
    frames,
    faceOptionsFor(model, frameRateHz, landmarkModel),
    smoother,
  );
  const { path } = input;
  let faces = 0;
  try {
    let step = await predictions.next();
    for (; !step.done; step = await predictions.next()) {
      summary.frames += 1;
      faces += step.value.faces.length;
      await onFrame(path, step.value);
      onProgress?.({ input: i, inputs: count, path, seconds: step.value.frame.timeSeconds, totalSeconds });
    }
    reportProblems(path, faces, step.value.damage, onProblem);
  } finally {
    await frames.return(null);
  }
  summary.faces += faces;
  if (faces === 0) summary.faceless += 1;
}

function reportProblems(
  path: string,
  faces: number,
  damage: MediaDamage | null,
  onProblem: ((message: string) => void) | undefined,
): void {
  if (damage) onProblem?.(`${path}: read in part: ${damageText(damage)}`);
  if (faces === 0) onProblem?.(`${path}: no face found`);
}
