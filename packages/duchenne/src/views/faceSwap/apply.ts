import { ops, scope, sharedTensor, type Tensor } from "@duchenne/torch";
import { cut, grown, within } from "./box.ts";
import type { Swap, SwapDraw } from "./sample.ts";
import { type Resampling, warp } from "./warp.ts";
import { wideBlur } from "./wideBlur.ts";

/** Where the blurred carried face is as dark as this, in 0 to 255, … */
const DARKEST = 1;
/** … this is added to it, so that nothing is divided by about zero. */
const DARK_OFFSET = 128;

/**
 * Carries faces over. Only the pixels around the masks are computed.
 * @param images [rows, 3, size, size] float32, 0 to 255; written into
 * @param identities [clips, 3, size, size] the same
 * @param resampling of the carried face
 * @returns `images`, swapped rows replaced
 */
export function apply(
  images: Tensor,
  identities: Tensor,
  draw: SwapDraw,
  resampling: Resampling = "bilinear",
): Tensor {
  const { swaps, box, size, masks } = draw;
  if (swaps.length === 0 || box.top >= box.bottom) return images;
  scope(() => {
    const { device } = images;
    const indices = (of: (swap: Swap) => number) =>
      sharedTensor(BigInt64Array.from(swaps, (swap) => BigInt(of(swap)))).to({ device });
    const rows = indices(({ row }) => row);
    const swapped = ops.indexSelect(
      identities,
      0,
      indices(({ clip }) => clip),
    );
    const expressions = ops.indexSelect(images, 0, rows);
    const carried = carriedFaces(expressions, swapped, draw, resampling);
    const mask = cut(sharedTensor(masks, [swaps.length, 1, size, size]).to({ device }), box);
    const place = cut(swapped, box);
    place.copy_(ops.lerp(place, carried, mask.to({ dtype: "float32" })));
    ops.indexPutInPlace(images, [rows], swapped);
  });
  return images;
}

/**
 * The expressions' faces where the identities' are, in the identities' colours.
 * @param expressions [swaps, 3, size, size]   @param identities [swaps, 3, size, size]
 * @returns [swaps, 3, height, width] of the box
 */
function carriedFaces(
  expressions: Tensor,
  identities: Tensor,
  { swaps, box, size }: SwapDraw,
  resampling: Resampling,
): Tensor {
  const kernelSizes = swaps.map(({ kernelSize }) => kernelSize);
  const source = grown(box, (Math.max(...kernelSizes) - 1) / 2, size);
  const warped = warp(
    expressions,
    swaps.map(({ toExpression }) => toExpression),
    source,
    resampling,
  );
  const both = ops.cat([cut(identities, source), warped], 1);
  const [wanted, given] = ops.chunk(wideBlur(both, kernelSizes, size, source, box), 2, 1);
  const denominator = ops.add(given!, given!.le(DARKEST), { alpha: DARK_OFFSET });
  return cut(warped, within(box, source)).mul(wanted!).div_(denominator).clamp(0, 255);
}
