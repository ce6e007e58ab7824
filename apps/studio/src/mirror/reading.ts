import type { Prediction } from "@duchenne/predict";

/** What is shown of a face. */
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

/** @param id of the face   @param prediction of a model with any heads */
export function readingOf(
  id: number,
  { expression, probabilities = {}, valence, arousal }: Prediction,
): Reading {
  const affect = valence === undefined || arousal === undefined ? undefined : { valence, arousal };
  return { id, expression, probabilities, affect };
}
