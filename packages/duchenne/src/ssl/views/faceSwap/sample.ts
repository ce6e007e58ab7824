import { ArgumentError } from "@duchenne/torch";
import type { Random } from "../../../lib/random.ts";
import { type FrameBatch, positiveOffset, rowCount } from "../../sampling/batch.ts";
import { type Box, boxAround } from "../images/box.ts";
import { kernelSizeOf } from "./gaussian.ts";
import { eraseUnsampled, innerFaceOutlines, paintConvex } from "./innerFace.ts";
import { faceSimilarity, inverse, mapPoints, type Similarity } from "./similarity.ts";

const POINTS = 68 * 2;

/** What of a batch decides a swap: landmarks in pixels of frames of side `frameSize`. */
export type SwapFrames = Pick<FrameBatch, "clips" | "layout" | "frameSize" | "landmarks"> & {
  readonly identity?: Pick<NonNullable<FrameBatch["identity"]>, "landmarks">;
};

/** One row that gets another face. */
export interface Swap {
  readonly row: number;
  /** Whose identity image it is carried into. */
  readonly clip: number;
  /** Pixels of the identity image to pixels of the expression's. */
  readonly toExpression: Similarity;
  /** [size, size] of the identity image: 1 where the carried face shows. */
  readonly mask: Uint8Array;
  /** Around the mask. */
  readonly box: Box;
  /** Of the colour correction's blur: pixels, odd. */
  readonly kernelSize: number;
}

/** What `sample` drew, for `apply`. */
export interface SwapDraw {
  /** Side of the frames, pixels. */
  readonly size: number;
  readonly swaps: readonly Swap[];
  /** [rows, 68, 2] the batch's; for swapped rows the expression's, mapped into the identity image. */
  readonly landmarks: Float32Array;
  /** Rows drawn for a swap that stay, because a face has no landmarks, or none in its image. */
  readonly skipped: number;
}

/**
 * Draws which positives are swapped, and places the faces.
 * @param frames a batch, or its shrunk frames
 * @param options.probability that a positive is swapped, each by itself
 * @throws ArgumentError if the batch brings no other people's faces
 */
export function sample(frames: SwapFrames, options: { probability: number }, rng: Random): SwapDraw {
  const { clips, frameSize: size, identity } = frames;
  if (identity === undefined)
    throw new ArgumentError(
      "faceSwap.sample",
      "frames",
      "a batch with identity faces",
      "none",
      "Draw the batch by a sampler that loads them, or leave FaceSwap out.",
    );
  const landmarks = frames.landmarks.slice();
  const swaps: Swap[] = [];
  let skipped = 0;
  for (let row = positiveOffset(frames); row < rowCount(frames); row++) {
    if (!rng.chance(options.probability)) continue;
    const [expression, clip] = [pointsOf(frames.landmarks, row), row % clips];
    const placed = place(expression, pointsOf(identity.landmarks, clip), size);
    if (placed === undefined) {
      skipped += 1;
      continue;
    }
    swaps.push({ row, clip, ...placed });
    landmarks.set(mapPoints(inverse(placed.toExpression), expression), row * POINTS);
  }
  return { size, swaps, landmarks, skipped };
}

const pointsOf = (landmarks: Float32Array, face: number): Float32Array =>
  landmarks.subarray(face * POINTS, (face + 1) * POINTS);

/** @returns undefined if the faces cannot be aligned, or nothing of them is in the image */
function place(
  expression: Float32Array,
  identity: Float32Array,
  size: number,
): Omit<Swap, "row" | "clip"> | undefined {
  const toExpression = faceSimilarity(identity, expression);
  if (toExpression === undefined) return undefined;
  const toIdentity = inverse(toExpression);
  const carried = innerFaceOutlines(expression).map((outline) => mapPoints(toIdentity, outline));
  const mask = new Uint8Array(size * size);
  const outlines = [...innerFaceOutlines(identity), ...carried];
  const box = boxAround(outlines.map((outline) => paintConvex(mask, size, outline)));
  if (box.top >= box.bottom) return undefined;
  // The published code leaves black where the expression's image ends; nothing is carried there.
  eraseUnsampled(mask, size, box, toExpression);
  return { toExpression, mask, box, kernelSize: kernelSizeOf(identity) };
}
