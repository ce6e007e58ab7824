import { ops, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../random.ts";
import { replaceRows } from "./rows.ts";

export interface CropFlip {
  /** Left column of the crop, pixels. */
  readonly x: number;
  /** Top row of the crop, pixels. */
  readonly y: number;
  /** Mirrored left to right, after the crop. */
  readonly flipped: boolean;
}

export interface CropFlipDraw {
  /** Side of the images to crop from and of the crops, pixels. */
  readonly from: number;
  readonly to: number;
  /** One for each image. */
  readonly crops: readonly CropFlip[];
}

/**
 * Draws a crop's place for each of n images, uniform over whole pixels, and whether it is mirrored.
 * @param from side of the images, pixels   @param to side of the crops, at most `from`
 */
export function sample(
  n: number,
  { from, to, flipProbability }: { from: number; to: number; flipProbability: number },
  rng: Random,
): CropFlipDraw {
  const places = from - to + 1;
  const crops = Array.from({ length: n }, () => ({
    x: rng.integer(places),
    y: rng.integer(places),
    flipped: rng.chance(flipProbability),
  }));
  return { from, to, crops };
}

/** @param images [n, 3, from, from]   @returns [n, 3, to, to] */
export function apply(images: Tensor, { from, to, crops }: CropFlipDraw): Tensor {
  const n = crops.length;
  const starts = Int32Array.from(crops, ({ x, y }, i) => i * 3 * from * from + y * from + x);
  const { device } = images;
  const whole = (end: number, step: number) => ops.arange(0, end, step, { dtype: "int32", device });
  // Every run of `to` numbers in memory is a row of this view, so that a crop's rows are copied whole.
  const runs = ops.unfold(images.contiguous().flatten(), 0, to, 1);
  const rows = tensor(starts, { shape: [n, 1, 1], device })
    .add(whole(3 * from * from, from * from).view(3, 1))
    .add(whole(to * from, from));
  const cropped = ops.indexSelect(runs, 0, rows.flatten()).view(n, 3, to, to);
  const mirrored = crops.flatMap(({ flipped }, i) => (flipped ? [i] : []));
  replaceRows(cropped, mirrored, [], (part) => ops.flip(part, [3]));
  return cropped;
}

/** Landmark i of a mirrored face is landmark MIRRORED[i] of the face: dlib's order names left and right. */
export const MIRRORED: readonly number[] = [
  ...descending(16, 0), // jaw
  ...descending(26, 17), // brows
  ...[27, 28, 29, 30], // bridge of the nose
  ...descending(35, 31), // below the nose
  ...[45, 44, 43, 42, 47, 46], // left eye
  ...[39, 38, 37, 36, 41, 40], // right eye
  ...[54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55], // outer lips
  ...[64, 63, 62, 61, 60, 67, 66, 65], // inner lips
];

function descending(from: number, to: number): number[] {
  return Array.from({ length: from - to + 1 }, (_, i) => from - i);
}

/**
 * Where landmarks lie after `apply`.
 * @param landmarks [n, 68, 2] x, y in pixels of the images   @returns [n, 68, 2] in pixels of the crops
 */
export function applyToLandmarks(landmarks: Float32Array, { to, crops }: CropFlipDraw): Float32Array {
  const moved = new Float32Array(landmarks.length);
  for (const [row, { x, y, flipped }] of crops.entries())
    for (let point = 0; point < MIRRORED.length; point++) {
      const place = 2 * (row * MIRRORED.length + point);
      const source = flipped ? 2 * (row * MIRRORED.length + MIRRORED[point]!) : place;
      const croppedX = landmarks[source]! - x;
      moved[place] = flipped ? to - 1 - croppedX : croppedX;
      moved[place + 1] = landmarks[source + 1]! - y;
    }
  return moved;
}
