import { type Device, noGrad, scope, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import * as colorJitter from "../../ssl/views/colorJitter.ts";
import * as cropFlip from "../../ssl/views/cropFlip.ts";
import { uploadFrames } from "../../ssl/views/frames.ts";
import { alike } from "../../ssl/views/images/rows.ts";
import { normalize } from "../../ssl/views/normalize.ts";
import { resize, workingSize } from "../../ssl/views/resize.ts";

const FLIP_PROBABILITY = 0.5;
const JITTER = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0 } as const;

export interface ViewOptions {
  /** Side of the store's frames, pixels. */
  readonly stored: number;
  /** Side of the view, pixels. */
  readonly size: number;
  readonly device: Device;
}

/**
 * What fine-tuning sees of frames: a random crop, mirrored half of the time, its colours changed.
 * @param frames [n, stored, stored, 3] RGB bytes   @returns [n, 3, size, size], normalised
 */
export function trainingView(frames: Uint8Array, { stored, size, device }: ViewOptions, rng: Random): Tensor {
  const n = frames.length / (stored * stored * 3);
  const from = workingSize(size);
  const crops = cropFlip.sample(
    n,
    { from, to: size, flipProbability: FLIP_PROBABILITY },
    rng.fork("cropFlip"),
  );
  const jitter = colorJitter.sample(alike(n, 1), JITTER, rng.fork("colorJitter"));
  return scope(() =>
    noGrad(() => {
      const images = resize(uploadFrames(frames, { n, size: stored, largest: from, device }), from);
      return normalize(colorJitter.apply(cropFlip.apply(images, crops), jitter));
    }),
  );
}
