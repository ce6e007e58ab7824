/** Counts of one clip, and its summary. */

import type { ClipSummary, MediaDamage, SkipReason, StageName } from "./types.ts";

/** Counts frames, faces and times of one clip. */
export class ClipTally {
  framesSampled = 0;
  readonly skipped: Record<SkipReason, number> = {
    noFace: 0,
    tooSmall: 0,
    blurred: 0,
    turned: 0,
    shortTrack: 0,
    notLargest: 0,
  };
  readonly milliseconds: Record<StageName, number> = { decode: 0, detect: 0, landmarks: 0, crop: 0 };
  #framesKept = 0;
  #facesKept = 0;
  #lastSeconds = 0;
  readonly #tracks = new Set<number>();

  sample(timeSeconds: number, faces: number): void {
    this.framesSampled += 1;
    this.#lastSeconds = timeSeconds;
    if (faces === 0) this.skipped.noFace += 1;
  }

  /** @param tracks track numbers of the crops kept of one frame */
  keep(tracks: readonly number[]): void {
    if (tracks.length > 0) this.#framesKept += 1;
    this.#facesKept += tracks.length;
    for (const track of tracks) this.#tracks.add(track);
  }

  summary(fps: number, damage: MediaDamage | null): ClipSummary {
    return {
      framesSampled: this.framesSampled,
      framesWithFace: this.framesSampled - this.skipped.noFace,
      framesKept: this.#framesKept,
      facesKept: this.#facesKept,
      tracks: this.#tracks.size,
      skipped: { ...this.skipped },
      seconds: this.framesSampled === 0 ? 0 : this.#lastSeconds + 1 / fps,
      stageMilliseconds: { ...this.milliseconds },
      damage,
    };
  }
}
