/** The recent path of valence and arousal. */
import type { PredictedFace } from "../predictFrames.ts";

const TRAIL_SECONDS = 3;

/** Valence and arousal of a face at one time. */
export interface Moment {
  readonly timeSeconds: number;
  readonly valence: number;
  readonly arousal: number;
}

/** Keeps valence and arousal of each track over the last 3 seconds. */
export class Trails {
  readonly #moments = new Map<number, Moment[]>();

  /** Adds the faces of a frame. */
  add(timeSeconds: number, faces: readonly PredictedFace[]): void {
    for (const { track, prediction } of faces) {
      const { valence, arousal } = prediction;
      if (valence === undefined || arousal === undefined) continue;
      this.#moments.set(track, [...(this.#moments.get(track) ?? []), { timeSeconds, valence, arousal }]);
    }
    for (const [track, moments] of this.#moments) {
      const recent = moments.filter((moment) => timeSeconds - moment.timeSeconds <= TRAIL_SECONDS);
      if (recent.length === 0) this.#moments.delete(track);
      else this.#moments.set(track, recent);
    }
  }

  /** Moments by track, oldest first. */
  entries(): Iterable<[track: number, moments: readonly Moment[]]> {
    return this.#moments.entries();
  }
}
