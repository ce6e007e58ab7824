/**
 * An ellipse over the mouth or one eye.
 * @module
 */
import { ops, scope, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { type Box, boxAround, cut } from "./images/box.ts";
import { alike, type Drawn, drawEach, groupDrawn, perImage, rowIndex } from "./images/rows.ts";

/** The first and last landmark of each part that can be covered, in dlib's order. */
export const MASK_REGIONS = { mouth: [48, 67], leftEye: [36, 41], rightEye: [42, 47] } as const;

/** The bounding box grows on each side by this share of the image's side: 10 px of 224. */
const GROWTH = 10 / 224;

const COORDINATES = 68 * 2;

/** Which faces are covered, and where. */
export interface MaskDraw {
  /** What covers each image. */
  readonly ellipses: Drawn<Ellipse>;
  /** Images that were to be covered but have no landmarks. */
  readonly skipped: number;
}

type MaskPart = keyof typeof MASK_REGIONS;
const MASK_PARTS = Object.keys(MASK_REGIONS) as MaskPart[];

/** Centre and half-axes, pixels. */
export interface Ellipse {
  /** What it covers. */
  readonly part: MaskPart;
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
}

/**
 * Draws which images lose their mouth or one eye, each part as likely, afresh for every image.
 * @param landmarks [n, 68, 2] x, y in pixels of the images; NaN if there are none   @param side of the images, pixels
 * @param chance probability for an image   @see Shu et al. 2022, section 3
 */
export function sample(landmarks: Float32Array, side: number, chance: number, rng: Random): MaskDraw {
  const drawn = drawEach(alike(landmarks.length / COORDINATES, chance), rng, (image) =>
    ellipseOver(landmarks, image, rng.choice(MASK_PARTS), side * GROWTH),
  );
  const isPlaced = (ellipse: Ellipse | null) => ellipse === null || !Number.isNaN(ellipse.x);
  return {
    ellipses: drawn.map((ellipse) => (isPlaced(ellipse) ? ellipse : null)),
    skipped: drawn.filter((ellipse) => !isPlaced(ellipse)).length,
  };
}

function ellipseOver(landmarks: Float32Array, image: number, part: MaskPart, growth: number): Ellipse {
  const [first, last] = MASK_REGIONS[part];
  const points = landmarks.subarray(image * COORDINATES + 2 * first, image * COORDINATES + 2 * last + 2);
  const along = (axis: 0 | 1) => {
    const values = points.filter((_, i) => i % 2 === axis);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { centre: (low + high) / 2, radius: (high - low) / 2 + growth };
  };
  const [x, y] = [along(0), along(1)];
  return { part, x: x.centre, y: y.centre, radiusX: x.radius, radiusY: y.radius };
}

/**
 * Fills the ellipses with each image's mean colour. Those over one part lie near each other: only the box around them is
 * computed.
 * @param images [n, 3, side, side]   @returns them, changed in place
 */
export function apply(images: Tensor, ellipses: Drawn<Ellipse>): Tensor {
  const colours = images.mean([2, 3], true);
  for (const rows of groupDrawn(ellipses, ({ part }) => part)) {
    const drawn = rows.map((row) => ellipses[row]!);
    const box = boxAround(drawn.map((ellipse) => boxOf(ellipse, images.shape[3]!)));
    if (box.left < box.right && box.top < box.bottom) scope(() => fill(images, rows, drawn, colours, box));
  }
  return images;
}

/** Around an ellipse's pixels inside an image. */
function boxOf({ x, y, radiusX, radiusY }: Ellipse, side: number): Box {
  const inside = (value: number) => Math.min(side, Math.max(0, value));
  return {
    top: inside(Math.floor(y - radiusY)),
    bottom: inside(Math.ceil(y + radiusY) + 1),
    left: inside(Math.floor(x - radiusX)),
    right: inside(Math.ceil(x + radiusX) + 1),
  };
}

/** @param colours [n, 3, 1, 1] of all images   @param box all of the ellipses that is inside the images */
function fill(
  images: Tensor,
  rows: readonly number[],
  ellipses: readonly Ellipse[],
  colours: Tensor,
  box: Box,
): void {
  const column = (pick: (ellipse: Ellipse) => number) => perImage(ellipses.map(pick), images);
  const pixels = (from: number, to: number) =>
    ops.arange(from, to, 1, { dtype: "float32", device: images.device });
  // ((pixel - centre) / radius)², along each axis; an ellipse is where their sum is at most 1.
  const alongAxis = (places: Tensor, centre: Tensor, radius: Tensor) =>
    ops.square(places.sub(centre).div_(radius));
  const across = alongAxis(
    pixels(box.left, box.right),
    column(({ x }) => x),
    column(({ radiusX }) => radiusX),
  );
  const down = alongAxis(
    pixels(box.top, box.bottom),
    column(({ y }) => y),
    column(({ radiusY }) => radiusY),
  );
  const covered = across.add(down.transpose(2, 3)).le(1).to({ dtype: images.dtype });
  const places = rowIndex(rows, images);
  const area = cut(images, box);
  // With weights of 0 and 1 lerp returns one operand exactly, three times as fast as `where`.
  const filled = ops.lerp(ops.indexSelect(area, 0, places), ops.indexSelect(colours, 0, places), covered);
  ops.indexPut_(area, [places], filled);
}
