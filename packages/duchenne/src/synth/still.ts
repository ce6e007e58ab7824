/** Stills of synthetic actors: one per showing of an expression, at its apex. */
import path from "node:path";
import sharp, { type Sharp } from "sharp";
import type { Expression } from "../lib/expressions.ts";
import { makeFolder } from "../lib/files/makeFolder.ts";
import { Random } from "../lib/random.ts";
import { apexSeconds, frameAt } from "./actor/timeline.ts";
import { LandmarkReader } from "./draw/landmarks.ts";
import { rgbOf } from "./film/camera.ts";
import {
  type Actor,
  type ActorSplit,
  createActor,
  prepareActor,
  type Stage,
  type SynthPlan,
} from "./film/film.ts";
import type { ImagePoint } from "./head/view.ts";
import { FRAME_PIXELS } from "./head/view.ts";
import { writeAtomically } from "./manifest.ts";

/** A drawn frame with everything the layouts ask for. */
export interface Still {
  readonly actor: Actor;
  readonly split: ActorSplit;
  readonly expression: Expression;
  readonly valence: number;
  readonly arousal: number;
  /** [256, 256, 3]. */
  readonly rgb: Uint8ClampedArray;
  /** [68] image pixels. */
  readonly landmarks: readonly ImagePoint[];
}

/** Collects stills in one layout. */
export interface LayoutWriter {
  /** Whether an earlier run has written all of an actor's; only layouts without tables can say so. */
  isDone?(actor: Actor): boolean;
  add(still: Still): Promise<void>;
  finish(): void;
}

/** A square in image pixels. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Draws an actor's stills. */
export function* actorStills(plan: SynthPlan, index: number): Generator<Still> {
  const actor = createActor(plan, index);
  const set = prepareActor(plan, actor);
  const reader = new LandmarkReader(set.performer.mesh, set.performer.eyes, actor.identity.shape);
  const grain = Random.fromSeed(plan.seed).fork(`still grain/${index}`);
  for (const script of actor.scripts) {
    for (const showing of script.showings) {
      yield drawStill(set, actor, reader, frameAt(script, apexSeconds(showing)), grain.bits32());
    }
  }
}

function drawStill(
  { performer, sensor }: Stage,
  actor: Actor,
  reader: LandmarkReader,
  state: ReturnType<typeof frameAt>,
  grain: number,
): Still {
  const rgb = rgbOf(sensor.expose(performer.draw(state).data(), grain));
  const { expression, valence, arousal } = state;
  return { actor, split: actor.split, expression, valence, arousal, rgb, landmarks: reader.read(state) };
}

/** The square around a face: its landmarks' box, grown by a quarter, within the frame. */
export function faceSquare(landmarks: readonly ImagePoint[]): Square {
  const xs = landmarks.map((p) => p.x);
  const ys = landmarks.map((p) => p.y);
  const centreX = (Math.min(...xs) + Math.max(...xs)) / 2;
  const centreY = (Math.min(...ys) + Math.max(...ys)) / 2 - 0.06 * (Math.max(...ys) - Math.min(...ys));
  const wanted = 1.25 * Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const side = Math.min(FRAME_PIXELS, Math.round(wanted));
  const within = (centre: number): number =>
    Math.max(0, Math.min(FRAME_PIXELS - side, Math.round(centre - side / 2)));
  return { left: within(centreX), top: within(centreY), side };
}

/** A still as an image of sharp. @internal */
export function picture({ rgb }: Pick<Still, "rgb">): Sharp {
  return sharp(rgb, { raw: { width: FRAME_PIXELS, height: FRAME_PIXELS, channels: 3 } });
}

/** The part of a still in a square, scaled. @param side pixels @internal */
export function cropped(still: Still, square: Square, side: number): Sharp {
  const { left, top } = square;
  return picture(still).extract({ left, top, width: square.side, height: square.side }).resize(side, side);
}

/** Writes an image as JPEG; creates its folder. @internal */
export async function save(image: Sharp, file: string): Promise<void> {
  makeFolder(path.dirname(file));
  writeAtomically(file, await image.jpeg({ quality: 95 }).toBuffer());
}
