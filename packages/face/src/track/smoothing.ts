/** Crop squares smoothed over the track, so that crops do not tremble with the landmarks' noise. */

import type { CropSquare } from "../types.ts";

/** Width of the Gaussian in sampling steps: a quarter of a second at the default rate, so that the crop keeps up with the head. */
const SIGMA_STEPS = 1;

/** Frames of one film keep their shape where a call changes its resolution, but for the rounding to whole blocks. */
const SAME_SHAPE = 0.02;

/** Of a frame, pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** A square at a place in the sampling grid. */
export interface TimedSquare {
  readonly index: number;
  readonly square: CropSquare;
  /** Of the frame that the square lies in. */
  readonly size: FrameSize;
}

/**
 * The squares in pixels of a frame of another size. Those of frames of another shape are left out: what became of the picture there
 * (stretched, cut, or padded) is not known.
 */
export function inPixelsOf(size: FrameSize, squares: readonly TimedSquare[]): readonly TimedSquare[] {
  const isSame = (one: FrameSize) => one.width === size.width && one.height === size.height;
  if (squares.every((one) => isSame(one.size))) return squares;
  return squares.flatMap((one) => {
    if (isSame(one.size)) return [one];
    const [scaleX, scaleY] = [size.width / one.size.width, size.height / one.size.height];
    if (Math.abs(scaleX / scaleY - 1) > SAME_SHAPE) return [];
    return [{ ...one, size, square: rescaled(one.square, scaleX, scaleY) }];
  });
}

/** Whole numbers are pixel centres, so the frame's corner is at -0.5. */
function rescaled(
  { centerX, centerY, side, radians }: CropSquare,
  scaleX: number,
  scaleY: number,
): CropSquare {
  return {
    centerX: (centerX + 0.5) * scaleX - 0.5,
    centerY: (centerY + 0.5) * scaleY - 0.5,
    side: side * Math.sqrt(scaleX * scaleY),
    radians,
  };
}

/**
 * Gaussian mean of a track's squares around grid index `index`; symmetric in time, so it does not lag.
 * @param neighbours squares of one track in pixels of one frame, any number and order, at least one
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
