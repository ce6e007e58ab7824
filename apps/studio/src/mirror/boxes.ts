import type { Box } from "@duchenne/crop";

/** A square around a box, `scale` times its longer side. */
export function squareAround({ left, top, width, height }: Box, scale: number): Box {
  const side = scale * Math.max(width, height);
  return { left: left + (width - side) / 2, top: top + (height - side) / 2, width: side, height: side };
}

/** @param points [136] x, y of a picture `side` pixels wide   @returns the same in the pixels of the square it was cut from */
export const fromSquare = (points: Float32Array, square: Box, side: number): Float32Array =>
  points.map((value, i) => (i % 2 === 0 ? square.left : square.top) + (value * square.width) / side);

/** The box in another picture's pixels. */
export const scaledBox = ({ left, top, width, height }: Box, by: number): Box => ({
  ...{ left: left * by, top: top * by, width: width * by, height: height * by },
});
