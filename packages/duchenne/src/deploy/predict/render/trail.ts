import type { PredictedFace } from "../predictFrames.ts";

const TRAIL_SECONDS = 3;

/** A moment of a face. */
export interface Moment {
  readonly timeSeconds: number;
  readonly valence: number;
  readonly arousal: number;
}

/** Where valence and arousal of each track have been in the last seconds; nothing older is kept. */
export class Trails {
  readonly #moments = new Map<number, Moment[]>();

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

  /** Oldest first. */
  entries(): Iterable<[track: number, moments: readonly Moment[]]> {
    return this.#moments.entries();
  }
}
