import { cropImage } from "@duchenne/face";

/** Side in pixels of the crops the encoder sees. */
export const PART_SIZE = 64;
/** Added above and below the eyes, per pixel of image side. */
const EYE_MARGIN = 10 / 224;
const EYES = { from: 36, to: 48, margin: EYE_MARGIN } as const;
const MOUTH = { from: 48, to: 68, margin: 0 } as const;

type Part = { from: number; to: number; margin: number };

/**
 * The eye crop and the mouth crop of MaskFN: the bounding box of the points, with a margin above and below the eyes,
 * padded to a square with zeros and resized to 64 (antialiased cubic).
 * @param image [size, size, 3] RGB   @param landmarks [68 · 2] in crop pixels
 * @returns two of [64, 64, 3] @see Shu et al. 2022, section 3.4
 */
export function eyeAndMouthCrops(
  image: Uint8Array,
  landmarks: Float32Array,
  size: number,
): [Uint8Array, Uint8Array] {
  return [partCrop(image, landmarks, size, EYES), partCrop(image, landmarks, size, MOUTH)];
}

function partCrop(image: Uint8Array, landmarks: Float32Array, size: number, part: Part): Uint8Array {
  const { left, top, right, bottom } = partBox(landmarks, size, part);
  const [width, height] = [right - left, bottom - top];
  const side = Math.max(width, height);
  const square = new Uint8Array(side * side * 3);
  const [insetX, insetY] = [(side - width) >> 1, (side - height) >> 1];
  for (let y = 0; y < height; y++) {
    const row = image.subarray(((top + y) * size + left) * 3, ((top + y) * size + right) * 3);
    square.set(row, ((insetY + y) * side + insetX) * 3);
  }
  const whole = { centerX: (side - 1) / 2, centerY: (side - 1) / 2, side, radians: 0 };
  return cropImage({ width: side, height: side, data: square }, whole, PART_SIZE).data;
}

/** Whole pixels, right and bottom exclusive, within the image and at least a pixel wide. */
function partBox(landmarks: Float32Array, size: number, { from, to, margin }: Part) {
  const axis = (offset: 0 | 1) =>
    Array.from({ length: to - from }, (_, i) => landmarks[2 * (from + i) + offset]!);
  const [xs, ys] = [axis(0), axis(1)];
  const inside = (value: number) => Math.min(size - 1, Math.max(0, value));
  const extra = margin * size;
  return {
    left: inside(Math.floor(Math.min(...xs))),
    top: inside(Math.floor(Math.min(...ys) - extra)),
    right: inside(Math.ceil(Math.max(...xs))) + 1,
    bottom: inside(Math.ceil(Math.max(...ys) + extra)) + 1,
  };
}
