/** Times of a video's frames, by their timestamps or without. */

import type { DamageLog } from "./damage.ts";

/** Containers state durations loosely; only a clear shortfall counts as truncation. */
const DURATION_SLACK_SECONDS = 0.5;
const DURATION_SLACK_SHARE = 0.05;
/** Timestamps that fall back by more than this start anew (joined broadcasts); less is reordering. */
export const RESTART_SECONDS = 1;

/** What a clock goes by. */
export interface ClockSettings {
  /** Seconds from one frame to the next on average; for frames without timestamps. */
  readonly frameSeconds: number;
  /** As the container states it, seconds; 0 if it does not. */
  readonly durationSeconds: number;
  /** Whether that is the time at which the film ends rather than its length; they differ if the film's clock begins late. */
  readonly isDurationTheEnd: boolean;
}

/** FFmpeg's names of containers that state when a film ends. MP4, MPEG-TS, MPEG-PS, Ogg and FLV state its length. */
const STATES_END = /^(matroska|avi|asf|nut|wtv)\b/;

/** @param container FFmpeg's name of it, such as "matroska,webm" */
export const statesEnd = (container: string | null | undefined): boolean => STATES_END.test(container ?? "");

/** Seconds since the first frame, also for streams without timestamps or with a jump back in them. */
export class FrameClock {
  frames = 0;
  lastSeconds = 0;
  #originSeconds: number | null = null;
  #firstStampSeconds: number | null = null;
  readonly #settings: ClockSettings;

  constructor(settings: ClockSettings) {
    this.#settings = settings;
  }

  /** @param stampSeconds of the next frame; null if it has none   @returns seconds since the first frame */
  read(stampSeconds: number | null): number {
    const next = this.frames === 0 ? 0 : this.lastSeconds + this.#settings.frameSeconds;
    this.frames += 1;
    if (stampSeconds === null) {
      this.lastSeconds = next;
      return next;
    }
    this.#firstStampSeconds ??= stampSeconds;
    this.#originSeconds ??= stampSeconds;
    if (stampSeconds - this.#originSeconds < this.lastSeconds - RESTART_SECONDS) {
      this.#originSeconds = stampSeconds - next;
    }
    // Where films were joined carelessly, frames overlap; time stands still then, for it must not run backwards.
    this.lastSeconds = Math.max(this.lastSeconds, stampSeconds - this.#originSeconds);
    return this.lastSeconds;
  }

  /** Logs a film that ends well before the duration that its container states. */
  reportShortfall(log: DamageLog): void {
    const { durationSeconds, frameSeconds, isDurationTheEnd } = this.#settings;
    const firstSeconds = Math.max(0, this.#firstStampSeconds ?? 0);
    const lengthSeconds = isDurationTheEnd ? durationSeconds - firstSeconds : durationSeconds;
    const readSeconds = this.lastSeconds + frameSeconds;
    const slackSeconds = DURATION_SLACK_SECONDS + DURATION_SLACK_SHARE * lengthSeconds;
    if (readSeconds < lengthSeconds - slackSeconds)
      log.addChief(`it ends at ${readSeconds.toFixed(1)} s of ${lengthSeconds.toFixed(1)} s`);
  }
}
