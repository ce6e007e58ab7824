/** Every input one after the other, with what there is to say of each. */
import { type MediaDamage, MediaError } from "@duchenne/face";
import { type Model, Smoother } from "@duchenne/predict";
import type { Input } from "./inputs.ts";
import { faceOptionsFor, look, type SeenFrame } from "./look.ts";
import { openInput } from "./opened.ts";

export interface WatchOptions {
  /** Frames looked at per second of a film; default: all. */
  readonly fps?: number;
  /** Time constant of the smoothing; default: none. */
  readonly smoothSeconds?: number;
  readonly landmarkModel?: string;
  readonly signal?: AbortSignal;
}

/** How far the work is. */
export interface WatchProgress {
  readonly input: number;
  readonly inputs: number;
  readonly path: string;
  readonly seconds: number;
  /** Of the film; 0 where it does not say. */
  readonly totalSeconds: number;
}

export interface WatchHooks {
  /** Gets every frame with what was seen in it; the next one waits for it. */
  readonly onFrame: (path: string, seen: SeenFrame) => void | Promise<void>;
  readonly onProgress?: (progress: WatchProgress) => void;
  /** Told of files without a face, damaged ones, and those left out. */
  readonly onProblem?: (message: string) => void;
}

export interface Watched {
  frames: number;
  faces: number;
  /** Files in which no face was found, and files that could not be read. */
  faceless: number;
  unreadable: number;
}

/**
 * Looks at pictures and films. A file that cannot be read is told of and left out, unless none can.
 * @throws MediaError of the last one where none can be read; FaceError
 */
export async function watch(
  model: Model,
  inputs: readonly Input[],
  options: WatchOptions,
  hooks: WatchHooks,
): Promise<Watched> {
  const watched: Watched = { frames: 0, faces: 0, faceless: 0, unreadable: 0 };
  for (const [i, input] of inputs.entries()) {
    try {
      await watchOne(model, input, { i, count: inputs.length }, options, hooks, watched);
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      watched.unreadable += 1;
      if (watched.unreadable === inputs.length) throw error;
      hooks.onProblem?.(`left out: ${error.message}`);
    }
  }
  return watched;
}

async function watchOne(
  model: Model,
  input: Input,
  { i, count }: { i: number; count: number },
  { fps, smoothSeconds, landmarkModel, signal }: WatchOptions,
  { onFrame, onProgress, onProblem }: WatchHooks,
  watched: Watched,
): Promise<void> {
  const { frames, rate, totalSeconds } = await openInput(input, fps, signal);
  const smoother = smoothSeconds === undefined ? undefined : new Smoother(smoothSeconds);
  const seen = look(model, frames, faceOptionsFor(model, rate, landmarkModel), smoother);
  const { path } = input;
  let faces = 0;
  try {
    let step = await seen.next();
    for (; !step.done; step = await seen.next()) {
      watched.frames += 1;
      faces += step.value.faces.length;
      await onFrame(path, step.value);
      onProgress?.({ input: i, inputs: count, path, seconds: step.value.frame.timeSeconds, totalSeconds });
    }
    tellOf(path, faces, step.value.damage, onProblem);
  } finally {
    await frames.return(null);
  }
  watched.faces += faces;
  if (faces === 0) watched.faceless += 1;
}

function tellOf(
  path: string,
  faces: number,
  damage: MediaDamage | null,
  onProblem: ((message: string) => void) | undefined,
): void {
  if (damage)
    onProblem?.(
      `${path}: read in part: ${damage.message}${damage.errors > 1 ? `, and ${damage.errors - 1} more` : ""}`,
    );
  if (faces === 0) onProblem?.(`${path}: no face found`);
}
