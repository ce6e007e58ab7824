// Where the parts of a face are that a local warp changes.

/** An ellipse about a part, pixels. */
export interface PartPlace {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** Parts that change by themselves. */
export const WARP_PARTS = ["eyes", "mouth"] as const;
/** Name of a part. */
export type WarpPart = (typeof WARP_PARTS)[number];

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Landmarks in dlib's order: each eye with its brow, the lips. */
const LANDMARKS = {
  eyes: [
    [...range(17, 22), ...range(36, 42)],
    [...range(22, 27), ...range(42, 48)],
  ],
  mouth: [range(48, 68)],
} as const;

/**
 * The same in shares of the side of a crop that `prepare` makes by default (`--crop-scale 1.6`): the mean over 3,977 faces of 111
 * people.
 */
const USUAL = {
  eyes: [
    { x: 0.358, y: 0.28, halfWidth: 0.095, halfHeight: 0.06 },
    { x: 0.642, y: 0.28, halfWidth: 0.095, halfHeight: 0.06 },
  ],
  mouth: [{ x: 0.5, y: 0.625, halfWidth: 0.106, halfHeight: 0.052 }],
} as const;

/**
 * @param face [68, 2] landmarks in pixels, NaN if there are none   @param side of the image, pixels
 * @returns two places of the eyes, one of the mouth
 */
export function partPlaces(part: WarpPart, face: Float32Array, side: number): PartPlace[] {
  if (Number.isNaN(face[0]!)) return USUAL[part].map((place) => usualPlace(place, side));
  return LANDMARKS[part].map((ids) => {
    const [x, y] = [0, 1].map((axis) => ids.map((id) => face[2 * id + axis]!));
    const [across, down] = [extent(x!), extent(y!)];
    return { x: across.middle, y: down.middle, halfWidth: Math.max(1, across.half), halfHeight: down.half };
  });
}

const usualPlace = ({ x, y, halfWidth, halfHeight }: PartPlace, side: number): PartPlace => ({
  // A pixel's centre is at a whole number.
  x: x * side - 0.5,
  y: y * side - 0.5,
  halfWidth: halfWidth * side,
  halfHeight: halfHeight * side,
});

function extent(values: readonly number[]): { middle: number; half: number } {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return { middle: (low + high) / 2, half: (high - low) / 2 };
}
