import { ops, scope, type Tensor } from "@duchenne/torch";
import { uploadFrames } from "../../ssl/views/frames.ts";
import { normalize } from "../../ssl/views/normalize.ts";
import { resize, workingSize } from "../../ssl/views/resize.ts";
import type { ViewOptions } from "./imageViews.ts";

/**
 * What a backbone sees of a frame when it is tested: resized as for training, the centre cut out, normalised.
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
