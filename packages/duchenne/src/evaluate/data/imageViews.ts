/** Views of stored frames as network input: the centre crop for testing, random changes for training. */
import { type Device, noGrad, ops, scope, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import * as colorJitter from "../../ssl/views/colorJitter.ts";
import * as cropFlip from "../../ssl/views/cropFlip.ts";
import { uploadFrames } from "../../ssl/views/frames.ts";
import { alike } from "../../ssl/views/images/rows.ts";
import { normalize } from "../../ssl/views/normalize.ts";
import { resize, workingSize } from "../../ssl/views/resize.ts";

const FLIP_PROBABILITY = 0.5;
const JITTER = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0 } as const;

/** Sizes of a view, and the device that computes it. */
export interface ViewOptions {
  /** Side of the store's frames, pixels. */
  readonly stored: number;
  /** Side of the view, pixels. */
  readonly size: number;
  readonly device: Device;
}

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

/**
 * The view for training on labels: a random crop, mirrored with probability 0.5, with jittered colours, normalised.
 * @param frames [n, stored, stored, 3] RGB bytes   @returns [n, 3, size, size]
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
