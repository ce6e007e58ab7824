import { ops, type Tensor } from "@duchenne/torch";
import type { Random } from "../random.ts";
import { alike, changeDrawn, type Drawn, drawEach, perImage } from "./rows.ts";

/** The first and last landmark of each part that can be covered, in dlib's order. */
export const MASK_REGIONS = { mouth: [48, 67], leftEye: [36, 41], rightEye: [42, 47] } as const;

/** The bounding box grows on each side by this share of the image's side: 10 px of 224. */
const GROWTH = 10 / 224;

const COORDINATES = 68 * 2;

export interface MaskDraw {
  /** What covers each image. */
  readonly ellipses: Drawn<Ellipse>;
  /** Images that were to be covered but have no landmarks. */
  readonly skipped: number;
}

/** Centre and half-axes, pixels. */
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
  const drawn = drawEach(alike(landmarks.length / COORDINATES, chance), rng, (image) =>
    ellipseOver(landmarks, image, rng.choice(Object.values(MASK_REGIONS)), side * GROWTH),
  );
  const isPlaced = (ellipse: Ellipse | null) => ellipse === null || !Number.isNaN(ellipse.x);
  return {
    ellipses: drawn.map((ellipse) => (isPlaced(ellipse) ? ellipse : null)),
    skipped: drawn.filter((ellipse) => !isPlaced(ellipse)).length,
  };
}

function ellipseOver(
  landmarks: Float32Array,
  image: number,
  [first, last]: readonly [number, number],
  growth: number,
): Ellipse {
  const points = landmarks.subarray(image * COORDINATES + 2 * first, image * COORDINATES + 2 * last + 2);
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
export function apply(images: Tensor, ellipses: Drawn<Ellipse>): Tensor {
  const pixels = ops.arange(0, images.shape[3]!, 1, { dtype: "float32", device: images.device });
  return changeDrawn(images, ellipses, (selected, drawn) => {
    const column = (pick: (ellipse: Ellipse) => number) => perImage(drawn.map(pick), images);
    // ((pixel - centre) / radius)², along each axis; an ellipse is where their sum is at most 1.
    const across = ops.square(pixels.sub(column(({ x }) => x)).div_(column(({ radiusX }) => radiusX)));
    const down = ops.square(pixels.sub(column(({ y }) => y)).div_(column(({ radiusY }) => radiusY)));
    const covered = across.add(down.transpose(2, 3)).le(1).to({ dtype: images.dtype });
    // With weights of 0 and 1 lerp returns one operand exactly, three times as fast as `where`.
    return ops.lerp(selected, selected.mean([2, 3], true), covered);
  });
}
