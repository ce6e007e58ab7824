import type { Prediction } from "@duchenne/predict";
import type { SeenFace } from "./Watcher.ts";

/** What is shown of a face: predictions steadied over the last frames. */
export interface Reading {
  readonly id: number;
  readonly expression: string | undefined;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly affect: Affect | undefined;
}

/** Both in [-1, 1]. */
export interface Affect {
  readonly valence: number;
  readonly arousal: number;
}

/** Weight of the newest frame. */
const NEWEST = 0.35;

/** Takes a frame's prediction into what is shown; another face begins anew. */
export function steady(before: Reading | undefined, { id, prediction }: SeenFace): Reading {
  const known = before?.id === id ? before : undefined;
  const mix = (old: number | undefined, now: number) =>
    old === undefined ? now : old + NEWEST * (now - old);
  const probabilities = Object.fromEntries(
    Object.entries(prediction.probabilities ?? {}).map(([name, value]) => [
      name,
      mix(known?.probabilities[name], value),
    ]),
  );
  const affect = affectOf(prediction);
  return {
    id,
    expression: mostProbable(probabilities),
    probabilities,
    affect: affect && {
      valence: mix(known?.affect?.valence, affect.valence),
      arousal: mix(known?.affect?.arousal, affect.arousal),
    },
  };
}

function affectOf({ valence, arousal }: Prediction): Affect | undefined {
  return valence === undefined || arousal === undefined ? undefined : { valence, arousal };
}

function mostProbable(probabilities: Readonly<Record<string, number>>): string | undefined {
  return Object.entries(probabilities).sort(([, a], [, b]) => b - a)[0]?.[0];
}
