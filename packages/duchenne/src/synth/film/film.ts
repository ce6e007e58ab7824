/** From an actor's number to a film: identity, script, frames, file. All of it is decided by the seed. */

import { EXPRESSIONS, type Expression } from "../../lib/expressions.ts";
import { Random } from "../../lib/random.ts";
import { VideoWriter } from "../../lib/video/videoWriter.ts";
import { drawIdentity } from "../actor/drawIdentity.ts";
import type { Identity } from "../actor/identity.ts";
import { type ClipScript, frameAt, type IntensityRange, planClip } from "../actor/timeline.ts";
import { Performer } from "../draw/performer.ts";
import { FRAME_PIXELS } from "../head/view.ts";
import { Sensor } from "./camera.ts";

/** Part of the data that an actor belongs to. */
export type ActorSplit = "train" | "valid" | "test";

/** What decides every pixel and label of a synthetic data set. */
export interface SynthPlan {
  readonly seed: number;
  readonly actors: number;
  readonly clips: number;
  readonly seconds: number;
  readonly frameRateHz: number;
  readonly intensity: IntensityRange;
}

/** One actor of a synthetic data set. */
export interface Actor {
  readonly index: number;
  /** Folder and subject name, e.g. "actor0017". */
  readonly name: string;
  readonly split: ActorSplit;
  readonly identity: Identity;
  readonly scripts: readonly ClipScript[];
}

function actorStream(plan: SynthPlan, index: number): Random {
  return Random.fromSeed(plan.seed).fork(`actor/${index}`);
}

/** Folder and subject name of an actor. */
export function actorName(index: number): string {
  return `actor${String(index).padStart(4, "0")}`;
}

/**
 * Creates an actor. The same seed and number give the same person with the same first clips, whatever the number of
 * actors: 70 % of the actors are for training, 15 % for validation, 15 % for testing.
 */
export function createActor(plan: SynthPlan, index: number): Actor {
  const rng = actorStream(plan, index);
  return {
    index,
    name: actorName(index),
    split: splitOf(index),
    identity: drawIdentity(rng.fork("identity")),
    scripts: Array.from({ length: plan.clips }, (_, clip) =>
      planClip(rng.fork(`clip/${clip}`), plan.seconds, expressionsOf(rng, clip), plan.intensity),
    ),
  };
}

/** Twenty actors share their splits as 14, 3 and 3, in an order that puts some of each into small data sets. */
const SPLIT_CYCLE = "tttvtetttvttetttvtte";

function splitOf(index: number): ActorSplit {
  const letter = SPLIT_CYCLE[index % SPLIT_CYCLE.length];
  if (letter === "v") return "valid";
  return letter === "e" ? "test" : "train";
}

/**
 * The expressions of a clip in order: the actor's clips go through shuffled rounds of all eight, so that each actor
 * shows each about equally often.
 */
function expressionsOf(rng: Random, clip: number): Expression[] {
  const rounds = [Math.floor(clip / 2), Math.floor(clip / 2) + 1];
  const order = rounds.flatMap((round) => rng.fork(`round/${round}`).shuffle(EXPRESSIONS));
  const half = EXPRESSIONS.length / 2;
  const from = (clip % 2) * half;
  return order.slice(from, from + EXPRESSIONS.length);
}

/** Frames of a clip. */
export function frameCount(plan: SynthPlan): number {
  return Math.round(plan.seconds * plan.frameRateHz);
}

/** An actor in front of a camera. */
export interface Stage {
  readonly performer: Performer;
  readonly sensor: Sensor;
}

/** Builds what filming an actor needs; it serves all of the actor's clips. */
export function prepareActor(plan: SynthPlan, actor: Actor): Stage {
  return {
    performer: new Performer(actor.identity, actorStream(plan, actor.index).fork("paint")),
    sensor: new Sensor(actor.identity.camera, FRAME_PIXELS),
  };
}

/** Films one clip into a file, whole or not at all. @returns frames written */
export function filmClip(set: Stage, plan: SynthPlan, actor: Actor, clip: number, path: string): number {
  const script = actor.scripts[clip]!;
  const grain = actorStream(plan, actor.index).fork(`grain/${clip}`);
  const writer = new VideoWriter(path, {
    width: FRAME_PIXELS,
    height: FRAME_PIXELS,
    frameRateHz: plan.frameRateHz,
    crf: actor.identity.camera.crf,
  });
  try {
    for (let frame = 0; frame < frameCount(plan); frame += 1) {
      const canvas = set.performer.draw(frameAt(script, frame / plan.frameRateHz));
      writer.write(set.sensor.expose(canvas.data(), grain.bits32()));
    }
    return writer.finish();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
