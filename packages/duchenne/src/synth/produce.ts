/** Films a whole data set: worker processes share the actors, finished clips are kept, labels are written last. */
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../lib/files/makeFolder.ts";
import { loadVideoWriter } from "../lib/video/videoWriter.ts";
import { startWorkerProcess } from "../lib/workers.ts";
import { actorName, createActor, filmClip, frameCount, prepareActor, type SynthPlan } from "./film/film.ts";
import { clipPath, LABELS_NAME, labelsCsv } from "./labels.ts";
import { openSynthFolder, writeAtomically } from "./manifest.ts";
import type { SynthOptions } from "./options.ts";
import { writeStills } from "./stills.ts";

/** How far a run is. */
export interface SynthProgress {
  /** Actors finished, of all. */
  readonly actors: number;
  readonly totalActors: number;
  /** Frames drawn in this run. */
  readonly frames: number;
  readonly seconds: number;
  /** Clips that an earlier run had finished. */
  readonly skippedClips: number;
}

/** What a finished run wrote. */
export interface SynthSummary {
  readonly actors: number;
  readonly clips: number;
  /** Frames (or stills) written in this run. */
  readonly frames: number;
  readonly skippedClips: number;
  readonly seconds: number;
  readonly framesPerSecond: number;
  readonly out: string;
}

/** One actor's share of a run. */
export interface ActorResult {
  readonly frames: number;
  readonly skippedClips: number;
}

/** What a worker process needs to know of a run. */
export interface WorkerStart {
  readonly plan: SynthPlan;
  readonly out: string;
}

/** One actor to film. */
export interface WorkerTask {
  readonly start: WorkerStart;
  readonly index: number;
}

/** What came of it. */
export type WorkerReply = ActorResult | { readonly error: string };

/**
 * Draws synthetic actors and films them, or continues an interrupted run.
 * @param options from `synthOptions`
 * @param onProgress called after each actor
 * @param signal stops the run after the actors that are being filmed
 * @throws SynthError if the folder cannot be used; the signal's reason once aborted
 */
export async function synthesize(
  options: SynthOptions,
  onProgress: (progress: SynthProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<SynthSummary> {
  const started = performance.now();
  openSynthFolder(options);
  await loadVideoWriter();
  const total = { actors: 0, frames: 0, skippedClips: 0 };
  const onActor = (result: ActorResult): void => {
    total.actors += 1;
    total.frames += result.frames;
    total.skippedClips += result.skippedClips;
    onProgress({ ...total, totalActors: options.actors, seconds: (performance.now() - started) / 1000 });
  };
  if (options.stills) await writeStills(options, options.stills, options.out, onActor, signal);
  else await filmAll(options, onActor, signal);
  const seconds = (performance.now() - started) / 1000;
  return {
    actors: options.actors,
    clips: options.stills ? 0 : options.actors * options.clips,
    frames: total.frames,
    skippedClips: total.skippedClips,
    seconds,
    framesPerSecond: total.frames / seconds,
    out: options.out,
  };
}

async function filmAll(
  options: SynthOptions,
  onActor: (result: ActorResult) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const plan: SynthPlan = planOf(options);
  const start: WorkerStart = { plan, out: options.out };
  const pending = leaveFinished(start, onActor);
  const workers = Math.min(options.workers, pending.length);
  if (workers > 1) await filmInWorkers(start, workers, pending, onActor, signal);
  else {
    for (const index of pending) {
      signal?.throwIfAborted();
      onActor(filmActor(start, index));
      // Lets progress be drawn and signals be heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  writeAtomically(path.join(options.out, LABELS_NAME), labelsCsv(plan));
}

function planOf({ seed, actors, clips, seconds, frameRateHz, intensity }: SynthOptions): SynthPlan {
  return { seed, actors, clips, seconds, frameRateHz, intensity };
}

/** Numbers of an actor's clips that are not there yet. */
function missingClips({ plan, out }: WorkerStart, index: number): number[] {
  const name = actorName(index);
  const clips = Array.from({ length: plan.clips }, (_, clip) => clip);
  return clips.filter((clip) => !existsSync(path.join(out, clipPath(name, clip))));
}

/** Reports actors that an earlier run finished. @returns the numbers of the others */
function leaveFinished(start: WorkerStart, onActor: (result: ActorResult) => void): number[] {
  const indices = Array.from({ length: start.plan.actors }, (_, index) => index);
  return indices.filter((index) => {
    if (missingClips(start, index).length > 0) return true;
    onActor({ frames: 0, skippedClips: start.plan.clips });
    return false;
  });
}

/** Films what is missing of one actor. */
export function filmActor(start: WorkerStart, index: number): ActorResult {
  const { plan, out } = start;
  const actor = createActor(plan, index);
  makeFolder(path.join(out, actor.name));
  const missing = missingClips(start, index);
  const skippedClips = plan.clips - missing.length;
  const set = prepareActor(plan, actor);
  for (const clip of missing) filmClip(set, plan, actor, clip, path.join(out, clipPath(actor.name, clip)));
  return { frames: missing.length * frameCount(plan), skippedClips };
}

/** Each worker asks for the next actor when it is done with one. */
async function filmInWorkers(
  start: WorkerStart,
  count: number,
  pending: readonly number[],
  onActor: (result: ActorResult) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const actors = [...pending];
  const workers = Array.from({ length: count }, () => startWorkerProcess(import.meta.url, "worker"));
  try {
    await Promise.all(workers.map((worker) => serveWorker(worker, start, actors, onActor, signal)));
  } finally {
    for (const worker of workers) worker.kill();
  }
}

/** Gives a worker one actor after the other from a shared list. Resolves when none is left. */
function serveWorker(
  worker: ChildProcess,
  start: WorkerStart,
  actors: number[],
  onActor: (result: ActorResult) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const assign = (): void => {
      const index = actors.shift();
      if (signal?.aborted) reject(signal.reason as Error);
      else if (index === undefined) resolve();
      else worker.send({ start, index } satisfies WorkerTask);
    };
    worker.on("message", (reply: WorkerReply) => {
      if ("error" in reply) {
        reject(
          new Error(
            `synth: expected films from a worker process, received an error: ${reply.error}. Run the same command again to continue.`,
          ),
        );
        return;
      }
      onActor(reply);
      assign();
    });
    worker.on("error", reject);
    worker.on("exit", (code, killedBy) =>
      reject(
        signal?.aborted
          ? (signal.reason as Error)
          : new Error(
              `synth: expected the worker process to run until the last actor, received its end (${killedBy ?? `code ${code}`}). Run the same command again to continue.`,
            ),
      ),
    );
    assign();
  });
}
