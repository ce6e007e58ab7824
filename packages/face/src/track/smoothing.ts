/** Crop squares smoothed over the track, so that crops do not tremble with the landmarks' noise. */

import type { CropSquare } from "../types.ts";

/** Width of the Gaussian in sampling steps: a quarter of a second at the default rate, so that the crop keeps up with the head. */
const SIGMA_STEPS = 1;

/** A square at a place in the sampling grid. */
export interface TimedSquare {
  readonly index: number;
  readonly square: CropSquare;
}

/**
 * Gaussian mean of a track's squares around grid index `index`; symmetric in time, so it does not lag.
 * @param neighbours squares of one track, any number and order, at least one
 */
export function smoothSquare(neighbours: readonly TimedSquare[], index: number): CropSquare {
  let total = 0;
  const sum = { centerX: 0, centerY: 0, side: 0, sin: 0, cos: 0 };
  for (const { index: at, square } of neighbours) {
    const weight = Math.exp(-((at - index) ** 2) / (2 * SIGMA_STEPS ** 2));
    total += weight;
    sum.centerX += weight * square.centerX;
    sum.centerY += weight * square.centerY;
    sum.side += weight * square.side;
    sum.sin += weight * Math.sin(square.radians);
    sum.cos += weight * Math.cos(square.radians);
  }
  return {
    centerX: sum.centerX / total,
    centerY: sum.centerY / total,
    side: sum.side / total,
    radians: Math.atan2(sum.sin, sum.cos),
  };
}
