import { type Device, ops, scope, sharedTensor, type Tensor, upload } from "@duchenne/torch";
import { parts } from "./images/parts.ts";
import { resize } from "./resize.ts";

/**
 * Decoded frames as the views compute with them: float32 in 0..255, channels first.
 *
 * Frames larger than the working size are shrunk here, before FaceSwap and the landmark mask, where the paper has these
 * work on the stored frames: both are measured in shares of the face or of the image, and at 64 px there is a third of the
 * pixels to swap and to cover.
 *
 * @param pixels [n, size, size, 3]; not needed once this returns
 * @param largest side that is worth computing with, pixels
 * @returns [n, 3, side, side], side = min(size, largest)
 */
export function uploadFrames(
  pixels: Uint8Array,
  { n, size, largest, device }: { n: number; size: number; largest: number; device: Device },
): Tensor {
  const side = Math.min(size, largest);
  return scope(() => {
    const frames = ops.empty([n, 3, side, side], { dtype: "float32", device });
    const bytes = upload(sharedTensor(pixels, [n, size, size, 3]), device).permute(0, 3, 1, 2);
    for (const { first, count } of parts(n, 3 * size * size, device))
      scope(() => {
        const part = ops.narrow(bytes, 0, first, count);
        const place = ops.narrow(frames, 0, first, count);
        place.copy_(side === size ? part : resize(part.contiguous().to({ dtype: "float32" }), side));
      });
    return frames;
  });
}
