/** The addon's inner loop for `cropImage`. */

import type { Resampler } from "@duchenne/crop";
import { loadAddon } from "./addon.ts";

/** Gives the same bytes as `resampleInTypeScript`, about ten times as fast. @throws FaceError if the addon is missing */
export const nativeResampler: Resampler = (image, across, down, size) =>
  loadAddon().resample(
    image.data,
    image.width,
    image.height,
    size,
    across.positions,
    across.weights,
    down.positions,
    down.weights,
  );
