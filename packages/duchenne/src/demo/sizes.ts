/** Sizes of the demo. */

import type { PlanInput } from "../report/reproduce/plan.ts";
import { NARROW_PREDICTOR } from "../report/reproduce/plans.ts";
import type { SynthOptions } from "../synth/options.ts";

/** Options of the synthetic films of the demo. */
export type DemoFilms = Pick<SynthOptions, "actors" | "clips" | "seconds" | "seed" | "intensity"> &
  Partial<Pick<SynthOptions, "frameRateHz" | "stills">>;

/** Amount of data, training and evaluation. */
export interface DemoSize {
  readonly films: DemoFilms;
  /** Stills of other people, for identification. */
  readonly people: DemoFilms;
  /** The same for every row, so that equal images mean equal updates. */
  readonly imagesPerStep: number;
  /** Images that each row sees in pre-training. */
  readonly images: number;
  readonly labels: readonly string[];
  /** Repetitions of the predictor. */
  readonly seeds: number;
  /** Least updates of the predictor. */
  readonly minSteps: number;
}

/** Three times what `prepare` samples: half of the usual films' time. */
const FRAME_RATE_HZ = 12.5;
/** Subtler expressions do not show at 48 pixels. */
const INTENSITY = { low: 0.6, high: 1 } as const;
/**
 * Little more than the face, so that few pixels are spent on hair and background; and as large as the picture that the
 * network's 48 pixels are cut out of, so that nothing is left to shrink.
 */
export const DEMO_CROPS = { cropScale: 1.2, size: 55 } as const;

/** The demo, and a smallest version that shows that everything works. */
export const DEMO_SIZES = {
  /** 4 min 49 s on two virtual processors of a Xeon. */
  full: {
    films: { actors: 80, clips: 2, seconds: 8, frameRateHz: FRAME_RATE_HZ, seed: 3, intensity: INTENSITY },
    // As many as LFW has with 20 pictures or more; these have 23 to 29.
    people: { actors: 62, clips: 10, seconds: 8, seed: 4, intensity: INTENSITY, stills: "lfw" },
    imagesPerStep: 128,
    images: 1500 * 128,
    labels: ["100", "400", "all"],
    seeds: 3,
    minSteps: 1000,
  },
  /** Half a minute: shows that everything works, and its figures mean nothing. */
  smallest: {
    // As few actors as leave two to be tested, and a seed that has every expression among those who are learned from.
    films: { actors: 13, clips: 1, seconds: 4, frameRateHz: FRAME_RATE_HZ, seed: 44, intensity: INTENSITY },
    people: { actors: 4, clips: 6, seconds: 4, seed: 4, intensity: INTENSITY, stills: "lfw" },
    imagesPerStep: 16,
    images: 8 * 16,
    labels: ["20", "all"],
    seeds: 1,
    minSteps: 20,
  },
} as const satisfies Record<string, DemoSize>;

/** Name of a size of the demo. */
export type DemoSizeName = keyof typeof DEMO_SIZES;

const PREDICTOR_EPOCHS = 20;

/**
 * The plan of the demo: an untrained backbone, the baseline and the method, at equal numbers of images.
 * @param store of the films   @param people store of the people to identify, and its pairs in LFW's format
 */
export function demoPlan(
  size: DemoSize,
  store: string,
  people: { readonly store: string; readonly pairs: string },
): PlanInput {
  const epochs = Math.min(PREDICTOR_EPOCHS, size.minSteps);
  const predictor = { ...NARROW_PREDICTOR, seeds: size.seeds, minSteps: size.minSteps, epochs };
  return {
    name: "duchenne demo: learning expression without labels",
    store,
    arch: "tiny",
    size: 48,
    // One thread gives the same result on every number of processors.
    settings: { preset: "tiny", threads: 1 },
    budget: { images: size.images },
    imagesPerStep: size.imagesPerStep,
    rows: ["untrained", "SimCLR", "SSL-FER (full)"],
    evaluations: [
      { store, task: "expression", modes: ["frozen", "linear"], labels: [...size.labels], ...predictor },
      { store, task: "va", labels: ["all"], ...predictor },
      { store: people.store, task: "identity", minImages: 4, pairs: people.pairs },
    ],
  };
}
