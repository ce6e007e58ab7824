import type { Prediction } from "@duchenne/predict";
import { seriesToken } from "../runs/colours.ts";

/** What is shown of a face. */
export interface Reading {
  /** Of the face: its track. */
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

/** @param id of the face   @param prediction of a model with any heads */
export function readingOf(
  id: number,
  { expression, probabilities = {}, valence, arousal }: Prediction,
): Reading {
  const affect = valence === undefined || arousal === undefined ? undefined : { valence, arousal };
  return { id, expression, probabilities, affect };
}

/** The token of a track's colour, where several are told apart. */
export const trackToken = (id: number): string => seriesToken(id);

/** "track 2" */
export const trackName = (id: number): string => `track ${id}`;
