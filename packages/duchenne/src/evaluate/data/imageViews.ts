/** Views of stored frames as network input: the centre crop for testing, random changes for training. */
import { noGrad, ops, scope, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import * as colorJitter from "../../ssl/views/colorJitter.ts";
import * as cropFlip from "../../ssl/views/cropFlip.ts";
import { uploadFrames } from "../../ssl/views/frames.ts";
import { alike } from "../../ssl/views/images/rows.ts";
import { normalize } from "../../ssl/views/normalize.ts";
import { resize, workingSize } from "../../ssl/views/resize.ts";
import { eraseRectangles, sampleRectangles } from "./erase.ts";
import { plainSide, type ViewOptions, warpedView } from "./warpView.ts";

const FLIP_PROBABILITY = 0.5;
const JITTER = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0 } as const;

/**
 * The view for testing: the frame resized as for training, its centre, normalised.
 * @param frames [n, stored, stored, 3] RGB bytes   @returns [n, 3, size, size], channels last
 */
export function centreView(frames: Uint8Array, { stored, size, device }: ViewOptions): Tensor {
  const n = frames.length / (stored * stored * 3);
  const side = workingSize(size);
  const start = Math.round((side - size) / 2);
  return scope(() => {
    const whole = resize(uploadFrames(frames, { n, size: stored, largest: side, device }), side);
    const centre = ops.narrow(ops.narrow(whole, 2, start, size), 3, start, size);
    return normalize(centre).contiguous("channelsLast");
  });
}

/** Changes of training views besides crop, mirror and colours; absent: none. */
export interface ViewChanges {
  /** Largest angle, degrees. */
  readonly rotate?: number;
  /** The side of the crop is drawn within 1 ± this of the plain one. */
  readonly zoom?: number;
  /** Share of images of which a rectangle is erased. */
  readonly erase?: number;
}

/**
 * The view for training on labels: a random crop, mirrored with probability 0.5, with jittered colours, normalised; turned, scaled and
 * erased if asked for.
 * @param frames [n, stored, stored, 3] RGB bytes   @returns [n, 3, size, size]
 */
export function trainingView(
  frames: Uint8Array,
  { rotate = 0, zoom = 0, erase = 0, ...options }: ViewOptions & ViewChanges,
  rng: Random,
): Tensor {
  const { stored, size } = options;
  const n = frames.length / (stored * stored * 3);
  const cropRandom = rng.fork("cropFlip");
  const jitter = colorJitter.sample(alike(n, 1), JITTER, rng.fork("colorJitter"));
  const rectangles = sampleRectangles(n, size, erase, rng.fork("erase"));
  const warp = { side: plainSide(size), zoom, rotate, flipProbability: FLIP_PROBABILITY };
  return scope(() =>
    noGrad(() => {
      const isPlain = rotate === 0 && zoom === 0;
      const images = isPlain
        ? croppedView(frames, options, cropRandom)
        : warpedView(frames, options, warp, cropRandom);
      return eraseRectangles(normalize(colorJitter.apply(images, jitter)), rectangles);
    }),
  );
}

/** Random crops, mirrored or not, in 0..255. */
function croppedView(frames: Uint8Array, { stored, size, device }: ViewOptions, rng: Random): Tensor {
  const n = frames.length / (stored * stored * 3);
  const from = workingSize(size);
  const crops = cropFlip.sample(n, { from, to: size, flipProbability: FLIP_PROBABILITY }, rng);
  const images = resize(uploadFrames(frames, { n, size: stored, largest: from, device }), from);
  return cropFlip.apply(images, crops);
}
