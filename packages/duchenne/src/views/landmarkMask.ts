import { ops, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../random.ts";
import { alike, drawRows, replaceRows } from "./rows.ts";

/** The first and last landmark of each part that can be covered, in dlib's order. */
export const MASK_REGIONS = { mouth: [48, 67], leftEye: [36, 41], rightEye: [42, 47] } as const;

/** The bounding box grows on each side by this share of the image's side: 10 px of 224. */
const GROWTH = 10 / 224;

const COORDINATES = 68 * 2;

export interface MaskDraw {
  /** Images to cover, ascending. */
  readonly rows: readonly number[];
  /** For each of them: the ellipse's centre and half-axes, pixels. */
  readonly ellipses: readonly Ellipse[];
  /** Images that were drawn but have no landmarks. */
  readonly skipped: number;
}

export interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
}

/**
 * Draws which images lose their mouth or one eye, each part as likely, afresh for every image.
 * @param landmarks [n, 68, 2] x, y in pixels of the images; NaN where there are none   @param side of the images, pixels
 * @param chance probability for an image   @see Shu et al. 2022, section 3 (method.md)
 */
export function sample(landmarks: Float32Array, side: number, chance: number, rng: Random): MaskDraw {
  const drawn = drawRows(alike(landmarks.length / COORDINATES, chance), rng);
  const covered = drawn.map((row) => {
    const region = rng.choice(Object.values(MASK_REGIONS));
    return { row, ellipse: ellipseOver(landmarks, row, region, side * GROWTH) };
  });
  const seen = covered.filter(({ ellipse }) => !Number.isNaN(ellipse.x));
  return {
    rows: seen.map(({ row }) => row),
    ellipses: seen.map(({ ellipse }) => ellipse),
    skipped: covered.length - seen.length,
  };
}

function ellipseOver(
  landmarks: Float32Array,
  row: number,
  [first, last]: readonly [number, number],
  growth: number,
): Ellipse {
  const points = landmarks.subarray(row * COORDINATES + 2 * first, row * COORDINATES + 2 * last + 2);
  const along = (axis: 0 | 1) => {
    const values = points.filter((_, i) => i % 2 === axis);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { centre: (low + high) / 2, radius: (high - low) / 2 + growth };
  };
  const [x, y] = [along(0), along(1)];
  return { x: x.centre, y: y.centre, radiusX: x.radius, radiusY: y.radius };
}

/**
 * Fills the ellipses with each image's mean colour.
 * @param images [n, 3, side, side]   @returns the same shape, a new tensor
 */
export function apply(images: Tensor, { rows, ellipses }: MaskDraw): Tensor {
  const masked = images.clone();
  const [side, device] = [images.shape[3]!, images.device];
  const pixels = ops.arange(0, side, 1, { dtype: "float32", device });
  const column = (pick: (ellipse: Ellipse) => number) =>
    tensor(Float32Array.from(ellipses, pick), { shape: [ellipses.length, 1, 1, 1], device });
  // ((pixel - centre) / radius)², along each axis; an ellipse is where their sum is at most 1.
  const across = ops.square(pixels.sub(column(({ x }) => x)).div_(column(({ radiusX }) => radiusX)));
  const down = ops.square(pixels.sub(column(({ y }) => y)).div_(column(({ radiusY }) => radiusY)));
  replaceRows(masked, rows, [across, down.transpose(2, 3)], (part, [partAcross, partDown]) => {
    const covered = partAcross!.add(partDown!).le(1).to({ dtype: "float32" });
    // With weights of 0 and 1 lerp returns one operand exactly, three times as fast as `where`.
    return ops.lerp(part, part.mean([2, 3], true), covered);
  });
  return masked;
}
