import type { Prediction } from "./model.ts";

/** A face out of sight for so many time constants starts anew. */
const FORGOTTEN_AFTER = 5;

interface Memory {
  readonly timeSeconds: number;
  readonly prediction: Prediction;
}

/**
 * Exponential smoothing of each track's probabilities, valence and arousal, which looks back only: after `seconds` a change has
 * come through to 63 %. Embeddings stay as they are.
 */
export class Smoother {
  readonly #seconds: number;
  readonly #tracks = new Map<number, Memory>();

  /** @param seconds time constant, above 0 */
  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /**
   * Smooths one prediction of a face.
   * @param track which face of the clip   @param timeSeconds not before the time of the previous call
   * @returns the prediction with its past mixed in
   */
  apply(track: number, timeSeconds: number, prediction: Prediction): Prediction {
    this.#forget(timeSeconds);
    const before = this.#tracks.get(track);
    const share = before ? 1 - Math.exp(-(timeSeconds - before.timeSeconds) / this.#seconds) : 1;
    const smoothed = before ? blend(before.prediction, prediction, share) : prediction;
    this.#tracks.set(track, { timeSeconds, prediction: smoothed });
    return smoothed;
  }

  #forget(now: number): void {
    for (const [track, { timeSeconds }] of this.#tracks)
      if (now - timeSeconds > FORGOTTEN_AFTER * this.#seconds) this.#tracks.delete(track);
  }
}

/** @param share of the new in the result */
function blend(before: Prediction, now: Prediction, share: number): Prediction {
  const mix = (a: number, b: number) => a + share * (b - a);
  const { valence: v, arousal: a, probabilities: p } = before;
  const affect =
    v === undefined || a === undefined || now.valence === undefined || now.arousal === undefined
      ? {}
      : { valence: mix(v, now.valence), arousal: mix(a, now.arousal) };
  if (p === undefined || now.probabilities === undefined) return { ...now, ...affect };
  const entries = Object.entries(now.probabilities).map(
    ([name, value]) => [name, mix(p[name]!, value)] as const,
  );
  const [expression] = entries.reduce((best, next) => (next[1] > best[1] ? next : best));
  return { ...now, ...affect, expression, probabilities: Object.fromEntries(entries) };
}
