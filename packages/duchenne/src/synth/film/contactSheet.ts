/** A picture of many actors and their expressions, to look at. */
import { createCanvas } from "@napi-rs/canvas";
import { EXPRESSIONS, type Expression } from "../../lib/expressions.ts";
import { Random } from "../../lib/random.ts";
import { drawShowing } from "../actor/showing.ts";
import { type FrameState, frameAt, planClip } from "../actor/timeline.ts";
import { createActor, prepareActor, type SynthPlan } from "./film.ts";

/** Size of a contact sheet. */
export interface ContactSheetOptions {
  /** Actors' numbers, one row each. */
  readonly actors: readonly number[];
  /** One column each; all eight by default. */
  readonly expressions?: readonly Expression[];
  /** Peak intensity, 0.8 by default. */
  readonly intensity?: number;
  /** Side of a picture in pixels, 128 by default. */
  readonly tilePixels?: number;
}

/** Draws actors by rows and expressions at their apex by columns. @returns a PNG file's bytes */
export function contactSheet(plan: SynthPlan, options: ContactSheetOptions): Uint8Array {
  const { actors, expressions = EXPRESSIONS, intensity = 0.8, tilePixels = 128 } = options;
  const sheet = createCanvas(expressions.length * tilePixels, actors.length * tilePixels);
  const context = sheet.getContext("2d");
  actors.forEach((index, row) => {
    const { performer } = prepareActor(plan, createActor(plan, index));
    expressions.forEach((expression, column) => {
      const rng = Random.fromSeed(plan.seed).fork(`sheet/${index}/${expression}`);
      const frame = performer.draw(posed(rng, expression, intensity));
      context.drawImage(frame, column * tilePixels, row * tilePixels, tilePixels, tilePixels);
    });
  });
  return sheet.toBuffer("image/png");
}

/** An apex without blinks and talk. */
function posed(rng: Random, expression: Expression, intensity: number): FrameState {
  const range = { low: intensity, high: intensity };
  const seconds = 3;
  const script = planClip(rng, seconds, [expression], range);
  const showing = drawShowing(rng.fork("showing"), expression, 0, seconds, range);
  const quiet = { ...script, showings: [showing], blinkTimes: [], talk: { ...script.talk, spans: [] } };
  const state = frameAt(quiet, seconds / 2);
  return state;
}
