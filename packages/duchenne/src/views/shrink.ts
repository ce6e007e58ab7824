import type { Device, Tensor } from "@duchenne/torch";
import { type Banded, banded, resampleAcross, resampleDown } from "./banded.ts";

/**
 * Plans shrinking by a triangle filter as wide as the scale asks, as PIL's bilinear resizing and libtorch's antialiased
 * interpolation have it.
 * @param from side of the images, pixels   @param side of the result, less than that
 */
export function planShrinking(from: number, side: number, device: Device): Banded {
  const scale = from / side;
  const matrix = new Float32Array(side * from);
  for (let pixel = 0; pixel < side; pixel++) {
    const centre = scale * (pixel + 0.5);
    const first = Math.max(0, Math.trunc(centre - scale + 0.5));
    const end = Math.min(from, Math.trunc(centre + scale + 0.5));
    const shares = Array.from({ length: end - first }, (_, i) =>
      Math.max(0, 1 - Math.abs(first + i + 0.5 - centre) / scale),
    );
    const sum = shares.reduce((a, b) => a + b);
    for (const [i, share] of shares.entries()) matrix[pixel * from + first + i] = share / sum;
  }
  return banded([matrix], side, device);
}

/**
 * Shrinks decoded frames.
 * @param frames [n, from, from, 3] uint8
 * @returns [n, 3, side, side] float32
 */
export function shrink(frames: Tensor, plan: Banded): Tensor {
  const [n, from] = frames.shape as [number, number];
  // Down the columns first, while each row lies in memory as one run.
  const lower = resampleDown(plan, frames.to({ dtype: "float32" }).view(n, from, from * 3));
  const side = lower.size(1);
  const planes = lower
    .view(n, side, from, 3)
    .permute(0, 3, 1, 2)
    .reshape(n, 3 * side, from);
  return resampleAcross(plan, planes).view(n, 3, side, side);
}
