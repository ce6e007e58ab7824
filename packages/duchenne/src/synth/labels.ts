/** `labels.csv`: what every frame of every film shows. */
import { UNIT_ORDER } from "./actor/actionUnits.ts";
import { frameAt } from "./actor/timeline.ts";
import { type Actor, createActor, frameCount, type SynthPlan } from "./film/film.ts";

/** File in the data set's folder that has the labels of every frame. */
export const LABELS_NAME = "labels.csv";

/** Column names: where, what, who, and the activation of each action unit in [0, 1] (both sides' mean). */
export const LABEL_COLUMNS = [
  "path",
  "time",
  "expression",
  "valence",
  "arousal",
  "intensity",
  "subject",
  "split",
  ...UNIT_ORDER.map((unit) => `AU${unit}`),
] as const;

/** Path of a film inside the data set's folder, with forward slashes. */
export function clipPath(actorName: string, clip: number): string {
  return `${actorName}/clip${String(clip).padStart(2, "0")}.mp4`;
}

/** The whole table. Labels follow from the scripts alone, so they can be written without filming. */
export function labelsCsv(plan: SynthPlan): string {
  const lines = [LABEL_COLUMNS.join(",")];
  for (let index = 0; index < plan.actors; index += 1) {
    const actor = createActor(plan, index);
    for (let clip = 0; clip < plan.clips; clip += 1) lines.push(...clipRows(plan, actor, clip));
  }
  return `${lines.join("\n")}\n`;
}

function clipRows(plan: SynthPlan, actor: Actor, clip: number): string[] {
  const path = clipPath(actor.name, clip);
  const script = actor.scripts[clip]!;
  return Array.from({ length: frameCount(plan) }, (_, frame) => {
    const time = frame / plan.frameRateHz;
    const { expression, valence, arousal, intensity, units } = frameAt(script, time);
    const numbers = [valence, arousal, intensity].map((value) => value.toFixed(4));
    const activations = Array.from(units, (value) => value.toFixed(3));
    return [path, time.toFixed(3), expression, ...numbers, actor.name, actor.split, ...activations].join(",");
  });
}
