/** What a user may ask of the cast, checked before anything is written. */
import { availableParallelism } from "node:os";
import type { IntensityRange } from "./actor/timeline.ts";
import { CastError } from "./errors.ts";
import type { CastPlan } from "./film/film.ts";

export const STILL_LAYOUTS = [
  "affectnet-csv",
  "affectnet-npy",
  "fer2013-csv",
  "fer2013-folders",
  "lfw",
] as const;
export type StillLayout = (typeof STILL_LAYOUTS)[number];

export interface CastOptions extends CastPlan {
  /** Folder to write into. */
  readonly out: string;
  /** Processes that film at the same time. */
  readonly workers: number;
  /** Stills in this layout instead of films. */
  readonly stills: StillLayout | null;
}

/**
 * Peak intensities by default: from just beyond what is still called neutral (0.2) to clear but not theatrical, so that
 * faces differ more by person than by expression, as in the wild.
 */
export const DEFAULT_INTENSITY: IntensityRange = { low: 0.3, high: 0.9 };

export const DEFAULT_CAST = {
  actors: 200,
  clips: 2,
  seconds: 8,
  frameRateHz: 25,
  seed: 1,
  intensity: DEFAULT_INTENSITY,
  stills: null,
} as const;

/** Limits keep file names four digits wide and films within memory's reach. */
const LIMITS = { actors: 9999, clips: 99, seconds: 600, frameRateHz: 60, workers: 256 } as const;

/** Fills in defaults and checks. @throws CastError naming the first option at fault */
export function castOptions(given: Partial<CastOptions> & { readonly out: string }): CastOptions {
  const options = { workers: availableParallelism(), ...DEFAULT_CAST, ...given };
  checkInteger("--actors", options.actors, 1, LIMITS.actors);
  checkInteger("--clips", options.clips, 1, LIMITS.clips);
  checkInteger("--workers", options.workers, 1, LIMITS.workers);
  checkInteger("--seed", options.seed, 0, Number.MAX_SAFE_INTEGER);
  if (!(options.seconds >= 1 && options.seconds <= LIMITS.seconds)) {
    throw new CastError("--seconds", `1 to ${LIMITS.seconds}`, String(options.seconds));
  }
  if (!(options.frameRateHz >= 1 && options.frameRateHz <= LIMITS.frameRateHz)) {
    throw new CastError("--fps", `1 to ${LIMITS.frameRateHz}`, String(options.frameRateHz));
  }
  checkIntensity(options.intensity);
  if (options.out === "") throw new CastError("--out", "a folder", "an empty name");
  if (options.stills !== null && !STILL_LAYOUTS.includes(options.stills)) {
    throw new CastError("--stills", `one of ${STILL_LAYOUTS.join(", ")}`, String(options.stills));
  }
  return options;
}

function checkInteger(option: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new CastError(option, `a whole number from ${low} to ${high}`, String(value));
  }
}

function checkIntensity({ low, high }: IntensityRange): void {
  // Below 0.2 an expression would be labelled neutral all the time.
  if (!(low >= 0.2 && high <= 1 && low <= high)) {
    throw new CastError("--intensity", "low..high with 0.2 <= low <= high <= 1", `${low}..${high}`);
  }
}

/** Reads "0.3..0.9". @throws CastError if it is not two numbers */
export function parseIntensity(text: string): IntensityRange {
  const match = /^([0-9.]+)\.\.([0-9.]+)$/.exec(text);
  const low = Number(match?.[1]);
  const high = Number(match?.[2]);
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new CastError("--intensity", "low..high, for example 0.3..0.9", text);
  }
  return { low, high };
}
