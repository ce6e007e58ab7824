/** Options of the synthetic data set, checked before anything is written. */
import { availableParallelism } from "node:os";
import { checkKeys } from "../lib/checkKeys.ts";
import { setting } from "../lib/errors.ts";
import type { IntensityRange } from "./actor/timeline.ts";
import { SynthError } from "./errors.ts";
import type { SynthPlan } from "./film/film.ts";

/** Layouts in which stills can be written: those of AffectNet, FER2013 and LFW. */
export const STILL_LAYOUTS = [
  "affectnet-csv",
  "affectnet-npy",
  "fer2013-csv",
  "fer2013-folders",
  "lfw",
] as const;
/** Name of a layout of stills. */
export type StillLayout = (typeof STILL_LAYOUTS)[number];

/** Options of `synthesize`. */
export interface SynthOptions extends SynthPlan {
  /** Folder to write. */
  readonly out: string;
  /** Number of processes that draw and film at the same time. */
  readonly workers: number;
  /** Layout of stills to write instead of films; null writes films. */
  readonly stills: StillLayout | null;
}

/**
 * Peak intensities by default: from just beyond what is still called neutral (0.2) to clear but not theatrical, so that
 * faces differ more by person than by expression, as in the wild.
 */
export const DEFAULT_INTENSITY: IntensityRange = { low: 0.3, high: 0.9 };

/** Default of every option but `out` and `workers` (one process per core). */
export const DEFAULT_SYNTH = {
  actors: 200,
  clips: 2,
  seconds: 8,
  frameRateHz: 25,
  seed: 1,
  intensity: DEFAULT_INTENSITY,
  stills: null,
} as const;

const GIVE = "Give a value in this range.";

/** Limits keep file names four digits wide and films small enough for memory. */
const LIMITS = { actors: 9999, clips: 99, seconds: 600, frameRateHz: 60, workers: 256 } as const;

/**
 * Fills in defaults and checks every option.
 * @param given options that differ from `DEFAULT_SYNTH`
 * @throws ConfigError for an unknown option   @throws SynthError naming the first option that is out of range
 */
export function synthOptions(given: Partial<SynthOptions> & { readonly out: string }): SynthOptions {
  checkKeys("synthOptions", given, ["out", "workers", ...Object.keys(DEFAULT_SYNTH)]);
  const options = { workers: availableParallelism(), ...DEFAULT_SYNTH, ...given };
  checkInteger("actors", options.actors, 1, LIMITS.actors);
  checkInteger("clips", options.clips, 1, LIMITS.clips);
  checkInteger("workers", options.workers, 1, LIMITS.workers);
  checkInteger("seed", options.seed, 0, Number.MAX_SAFE_INTEGER);
  if (!(options.seconds >= 1 && options.seconds <= LIMITS.seconds)) {
    throw new SynthError(setting("seconds"), `1 to ${LIMITS.seconds}`, String(options.seconds), GIVE);
  }
  if (!(options.frameRateHz >= 1 && options.frameRateHz <= LIMITS.frameRateHz)) {
    throw new SynthError(
      setting("frameRateHz"),
      `1 to ${LIMITS.frameRateHz}`,
      String(options.frameRateHz),
      GIVE,
    );
  }
  checkIntensity(options.intensity);
  if (options.out === "")
    throw new SynthError(setting("out"), "a folder", "an empty name", "Name the folder to write.");
  if (options.stills !== null && !STILL_LAYOUTS.includes(options.stills)) {
    throw new SynthError(
      setting("stills"),
      `one of ${STILL_LAYOUTS.join(", ")}`,
      String(options.stills),
      "Choose one of these layouts.",
    );
  }
  return options;
}

function checkInteger(option: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new SynthError(setting(option), `a whole number from ${low} to ${high}`, String(value), GIVE);
  }
}

function checkIntensity({ low, high }: IntensityRange): void {
  // Below 0.2 an expression would be labelled neutral all the time.
  if (!(low >= 0.2 && high <= 1 && low <= high)) {
    throw new SynthError(
      setting("intensity"),
      "low..high with 0.2 <= low <= high <= 1",
      `${low}..${high}`,
      GIVE,
    );
  }
}

/** Reads a range such as "0.3..0.9". @throws SynthError if the text is not two numbers */
export function parseIntensity(text: string): IntensityRange {
  const match = /^([0-9.]+)\.\.([0-9.]+)$/.exec(text);
  const low = Number(match?.[1]);
  const high = Number(match?.[2]);
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new SynthError(
      setting("intensity"),
      "low..high, for example 0.3..0.9",
      text,
      "Write two numbers with two dots between them.",
    );
  }
  return { low, high };
}
