/** What is done to each frame by itself: drawn for a batch, then applied to any of its frames. */
import type { Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import * as blur from "./blur.ts";
import * as colorJitter from "./colorJitter.ts";
import * as cropFlip from "./cropFlip.ts";
import * as grayscale from "./grayscale.ts";
import { alike, type Drawn } from "./images/rows.ts";
import type { ImageView } from "./imageView.ts";
import * as landmarkMask from "./landmarkMask.ts";
import { normalize } from "./normalize.ts";
import { resize, workingSize } from "./resize.ts";
import type { ViewSettings } from "./settings.ts";

/** Lists of n, one entry for each frame. */
export interface FrameDraws {
  readonly ellipses: Drawn<landmarkMask.Ellipse>;
  readonly crops: readonly cropFlip.CropFlip[];
  readonly jitters: Drawn<colorJitter.Jitter>;
  readonly sigmas: Drawn<number>;
  readonly greys: Drawn<true>;
  /** Views of the user's own, each with its draws. */
  readonly also: readonly { readonly view: ImageView; readonly draws: readonly unknown[] }[];
  /** Faces drawn for a landmark mask that have no landmarks. */
  readonly maskSkipped: number;
}

/**
 * @param landmarks [n, 68, 2] x, y in pixels of the frames: the first n/2 anchors, the others positives
 * @param side of the frames, pixels
 */
export function sample(
  landmarks: Float32Array,
  side: number,
  settings: ViewSettings,
  rng: Random,
  also: readonly ImageView[] = [],
): FrameDraws {
  const n = landmarks.length / (68 * 2);
  const { size, flipProbability, landmarkMaskProbability } = settings;
  const mask = landmarkMask.sample(landmarks, side, landmarkMaskProbability, rng.fork("landmarkMask"));
  // Anchors' colours always change.
  const chances = [...alike(n / 2, 1), ...alike(n / 2, settings.jitterProbability)];
  const geometry = { from: workingSize(size), to: size, flipProbability };
  return {
    ellipses: mask.ellipses,
    crops: cropFlip.sample(n, geometry, rng.fork("cropFlip")),
    jitters: colorJitter.sample(chances, settings, rng.fork("colorJitter")),
    sigmas: blur.sample(n, settings.blurProbability, rng.fork("blur")),
    greys: grayscale.sample(n, settings.grayscaleProbability, rng.fork("grayscale")),
    also: also.map((view) => ({ view, draws: view.sample(n, size, rng.fork(`also/${view.name}`)) })),
    maskSkipped: mask.skipped,
  };
}

/**
 * @param frames [k, 3, side, side] in 0..255, written into   @param rows their k places in the batch
 * @returns [k, 3, size, size], normalised
 */
export function apply(
  frames: Tensor,
  draws: FrameDraws,
  rows: readonly number[],
  { size }: ViewSettings,
): Tensor {
  const own = <T>(all: readonly T[]): T[] => rows.map((row) => all[row]!);
  const covered = landmarkMask.apply(frames, own(draws.ellipses));
  const cropped = cropFlip.apply(resize(covered, workingSize(size)), own(draws.crops));
  const jittered = colorJitter.apply(cropped, own(draws.jitters));
  const blurred = blur.apply(jittered, own(draws.sigmas));
  const greyed = grayscale.apply(blurred, own(draws.greys));
  return normalize(draws.also.reduce((images, { view, draws }) => view.apply(images, own(draws)), greyed));
}

/** The batch's rows, those whose colours change in the same order next to each other. */
export function rowsByOrder({ jitters }: FrameDraws): number[] {
  const names = jitters.map(colorJitter.orderName);
  return [...names.keys()].sort((a, b) => (names[a]! < names[b]! ? -1 : names[a]! > names[b]! ? 1 : a - b));
}
