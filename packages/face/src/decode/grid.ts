/** Which frames to take: the first in each cell of a regular grid in time, so that variable frame rates come out right. */

/** Timestamps are rounded to the container's tick; more than this is never forgiven, for some ticks are whole frames. */
const MAX_TOLERANCE_SECONDS = 1e-3;

/** How much of a timestamp is rounding. @param tickSeconds resolution of the timestamps */
export const toleranceSeconds = (tickSeconds: number): number => Math.min(tickSeconds, MAX_TOLERANCE_SECONDS);

/** Decides which frames are taken. */
export interface Sampler {
  /** The number of a frame at `timeSeconds`, or null if it is not taken. Numbers rise. */
  take(timeSeconds: number): number | null;
}

/** @param tickSeconds resolution of the timestamps */
export function samplerFor(fps: number | "all", tickSeconds: number): Sampler {
  return fps === "all" ? new EveryFrame() : new SamplingGrid(fps, tickSeconds);
}

/** Frames that come at any distance, numbered one by one: no grid would have a place for each. */
class EveryFrame implements Sampler {
  #next = 0;

  take(): number {
    return this.#next++;
  }
}

/** Chooses the frames that are sampled. */
export class SamplingGrid implements Sampler {
  #lastIndex = -1;
  readonly #fps: number;
  readonly #toleranceSeconds: number;

  /**
   * @param fps sampling rate in Hz; grid point k lies at `k / fps` seconds
   * @param tickSeconds resolution of the timestamps
   */
  constructor(fps: number, tickSeconds: number) {
    this.#fps = fps;
    this.#toleranceSeconds = toleranceSeconds(tickSeconds);
  }

  /**
   * The grid index of a frame at `timeSeconds`, or null if an earlier frame already stands for it.
   * A frame that covers several grid points (a slow source) takes the last of them, so no frame is sampled twice.
   */
  take(timeSeconds: number): number | null {
    // The small constant absorbs rounding in the product: 0.24 s at 25/6 Hz is 1, not 0.9999999999999999.
    const index = Math.floor((timeSeconds + this.#toleranceSeconds) * this.#fps + 1e-9);
    if (index <= this.#lastIndex) return null;
    this.#lastIndex = index;
    return index;
  }
}
