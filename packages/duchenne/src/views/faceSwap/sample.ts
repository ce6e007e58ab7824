import { ArgumentError } from "@duchenne/torch";
import type { Random } from "../../random.ts";
import { type FrameBatch, positiveOffset, rowCount } from "../../sampling/batch.ts";
import { type Box, boxAround } from "./box.ts";
import { eraseUnsampled, innerFaceOutlines, paintConvex } from "./innerFace.ts";
import { faceSimilarity, inverse, mapPoints, type Similarity } from "./similarity.ts";
import { kernelSizeOf } from "./wideBlur.ts";

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
  /** Of the colour correction's blur: pixels, odd. */
  readonly kernelSize: number;
}

/** What `sample` drew, for `apply`. */
export interface SwapDraw {
  /** Side of the frames, pixels. */
  readonly size: number;
  readonly swaps: readonly Swap[];
  /** [swaps, size, size] 1 where the carried face shows. */
  readonly masks: Uint8Array;
  /** Around all masks. */
  readonly box: Box;
  /** [rows, 68, 2] the batch's, and for swapped rows the expression's, mapped into the identity image. */
  readonly landmarks: Float32Array;
  /** Rows drawn for a swap that stay, because a face has no landmarks. */
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
    throw new ArgumentError("faceSwap.sample", "frames", "a batch with identity faces", "none");
  const landmarks = frames.landmarks.slice();
  const swaps: Swap[] = [];
  let drawn = 0;
  for (let row = positiveOffset(frames); row < rowCount(frames); row++) {
    if (!rng.chance(options.probability)) continue;
    drawn += 1;
    const swap = align(
      row,
      row % clips,
      pointsOf(frames.landmarks, row),
      pointsOf(identity.landmarks, row % clips),
    );
    if (swap === undefined) continue;
    swaps.push(swap);
    landmarks.set(mapPoints(inverse(swap.toExpression), pointsOf(frames.landmarks, row)), row * POINTS);
  }
  const masks = new Uint8Array(swaps.length * size * size);
  const boxes = swaps.map((swap, i) => {
    const mask = masks.subarray(i * size * size, (i + 1) * size * size);
    return paintMask(
      mask,
      size,
      swap,
      pointsOf(frames.landmarks, swap.row),
      pointsOf(identity.landmarks, swap.clip),
    );
  });
  return { size, swaps, masks, box: boxAround(boxes), landmarks, skipped: drawn - swaps.length };
}

const pointsOf = (landmarks: Float32Array, face: number): Float32Array =>
  landmarks.subarray(face * POINTS, (face + 1) * POINTS);

function align(
  row: number,
  clip: number,
  expression: Float32Array,
  identity: Float32Array,
): Swap | undefined {
  const toExpression = faceSimilarity(identity, expression);
  return toExpression && { row, clip, toExpression, kernelSize: kernelSizeOf(identity) };
}

/** The inner faces of both, in the identity image. */
function paintMask(
  mask: Uint8Array,
  size: number,
  { toExpression }: Swap,
  expression: Float32Array,
  identity: Float32Array,
): Box {
  const toIdentity = inverse(toExpression);
  const carried = innerFaceOutlines(expression).map((outline) => mapPoints(toIdentity, outline));
  const outlines = [...innerFaceOutlines(identity), ...carried];
  const box = boxAround(outlines.map((outline) => paintConvex(mask, size, outline)));
  // The published code leaves black where the expression's image ends; nothing is carried there.
  eraseUnsampled(mask, size, box, toExpression);
  return box;
}
