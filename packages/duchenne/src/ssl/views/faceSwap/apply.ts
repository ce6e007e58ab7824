import { ops, scope, sharedTensor, type Tensor, upload } from "@duchenne/torch";
import { type Box, boxAround, cut, grown, within } from "../images/box.ts";
import { parts } from "../images/parts.ts";
import { rowIndex } from "../images/rows.ts";
import type { Swap, SwapDraw } from "./sample.ts";
import { type Resampling, warp } from "./warp.ts";
import { blur, enlarge, planBlur, type WideBlur } from "./wideBlur.ts";

/** Where the blurred carried face is as dark as this, in 0 to 255, … */
const DARKEST = 1;
/** … this is added to it, so that nothing is divided by about zero. */
const DARK_OFFSET = 128;

/**
 * Carries faces over.
 * @param images [rows, 3, size, size] float32, 0 to 255; written into
 * @param identities [clips, 3, size, size] the same
 * @param resampling of the carried face
 * @returns `images`, swapped rows replaced
 */
export function apply(
  images: Tensor,
  identities: Tensor,
  { size, swaps }: SwapDraw,
  resampling: Resampling = "bilinear",
): Tensor {
  for (const { first, count } of parts(swaps.length, 3 * size * size, images.device))
    scope(() => {
      const part = swaps.slice(first, first + count);
      const rows = part.map(({ row }) => row);
      const index = rowIndex(rows, images);
      const swapped = carry(ops.indexSelect(images, 0, index), identities, part, resampling);
      ops.indexPut_(images, [index], swapped);
    });
  return images;
}

/**
 * Carries one face for each swap; only the pixels around the masks are computed.
 * @param expressions [swaps, 3, size, size]
 * @returns [swaps, 3, size, size]
 */
function carry(
  expressions: Tensor,
  identities: Tensor,
  swaps: readonly Swap[],
  resampling: Resampling,
): Tensor {
  const { device } = expressions;
  const size = expressions.size(2);
  const clips = swaps.map(({ clip }) => clip);
  const swapped = ops.indexSelect(identities, 0, rowIndex(clips, identities));
  const maps = swaps.map(({ toExpression }) => toExpression);
  const kernelSizes = swaps.map(({ kernelSize }) => kernelSize);
  const box = boxAround(swaps.map((swap) => swap.box));
  const source = grown(box, (Math.max(...kernelSizes) - 1) / 2, size);
  const warped = warp(expressions, maps, source, resampling);
  const wideBlur = planBlur(kernelSizes, size, source, box, device);
  const carried = recolor(warped, cut(swapped, source), wideBlur, within(box, source));
  const mask = cut(upload(maskTensor(swaps, size), device), box).to({ dtype: "float32" });
  const place = cut(swapped, box);
  place.copy_(ops.lerp(place, carried, mask));
  return swapped;
}

/** @returns [swaps, 1, size, size] uint8 */
function maskTensor(swaps: readonly Swap[], size: number): Tensor {
  const masks = new Uint8Array(swaps.length * size * size);
  swaps.forEach(({ mask }, i) => {
    masks.set(mask, i * size * size);
  });
  return sharedTensor(masks, [swaps.length, 1, size, size]);
}

/**
 * Carried faces in the colours of those they replace.
 * @param carried [n, 3, height, width]   @param replaced [n, 3, height, width]
 * @param box of what is wanted
 * @returns [n, 3, height, width] of the box
 */
function recolor(carried: Tensor, replaced: Tensor, wideBlur: WideBlur, box: Box): Tensor {
  const blurred = blur(ops.cat([replaced, carried], 1), wideBlur);
  const [wanted, given] = ops.chunk(blurred, 2, 2);
  const isDark = given!.le(DARKEST).to({ dtype: "float32" });
  const ratio = wanted!.div(ops.add(given!, isDark, { alpha: DARK_OFFSET }));
  return cut(carried, box).mul(enlarge(ratio, wideBlur)).clamp(0, 255);
}
