/**
 * torchvision's colour operations on batches, each image with a factor of its own. Images are [n, 3, h, w] in 0..255 and
 * are changed in place or used up: hand in copies.
 */
import { ops, type Tensor, tensor } from "@duchenne/torch";

/** Brightest value of a channel. */
export const WHITE = 255;

/** Weights of red, green and blue in a grey value, as torchvision and PIL have them (ITU-R 601). */
const GREY_WEIGHTS = [0.2989, 0.587, 0.114] as const;

/** @returns [n, 1, h, w] */
export function luminance(images: Tensor): Tensor {
  const [red, green, blue] = GREY_WEIGHTS;
  const grey = ops.narrow(images, 1, 0, 1).mul(red);
  ops.add_(grey, ops.narrow(images, 1, 1, 1), { alpha: green });
  return ops.add_(grey, ops.narrow(images, 1, 2, 1), { alpha: blue });
}

/** Scales towards black. @param factors [n, 1, 1, 1], at least 0 */
export function brightness(images: Tensor, factors: Tensor): Tensor {
  return ops.clamp_(images.mul_(factors), 0, WHITE);
}

/** Scales towards the image's mean grey. @param factors [n, 1, 1, 1], at least 0 */
export function contrast(images: Tensor, factors: Tensor): Tensor {
  const weights = tensor(Float32Array.from(GREY_WEIGHTS), { shape: [1, 3, 1, 1], device: images.device });
  const meanGrey = images.mean([2, 3], true).mul_(weights).sum(1, true);
  return ops.clamp_(images.mul_(factors).add_(share(meanGrey, factors)), 0, WHITE);
}

/** Scales towards each pixel's own grey. @param factors [n, 1, 1, 1], at least 0 */
export function saturation(images: Tensor, factors: Tensor): Tensor {
  const grey = luminance(images);
  return ops.clamp_(images.mul_(factors).add_(share(grey, factors)), 0, WHITE);
}

/** What a blend that keeps `factors` of the image takes of the other. */
function share(other: Tensor, factors: Tensor): Tensor {
  return other.mul(ops.rsub(factors, 1));
}

/** Keeps a quotient finite where its numerator is 0 too. */
const TINY = 1e-30;

/** Sixths of the hue circle at which red, green and blue are full. */
const CENTRES = [0, 2, -2] as const;

/**
 * Turns the hue in HSV space, saturation and value kept.
 *
 * A channel is min + chroma · clamp(2 − distance of the hue from the channel's centre, 0, 1), distances in sixths of the
 * circle; turning the hue by s moves the centres by −s. With the hue in [−3, 3] and centres brought there too, a
 * difference d is at most 6 long, and 2 − the distance is ||d| − 3| − 1.
 *
 * @param turns one for each image, shares of the circle in [−0.5, 0.5]
 */
export function hue(images: Tensor, turns: Tensor): Tensor {
  const [lowest, chroma, angle] = hueOf(images);
  const centres = tensor(Float32Array.from(CENTRES), { shape: [1, 3, 1, 1], device: images.device });
  const moved = ops.remainder(centres.sub(turns.mul(6)).add_(3), 6).sub_(3);
  const ramp = ops.abs_(ops.abs_(angle.sub(moved)).sub_(3));
  // Between 1 and 2, not 0 and 1: the subtraction is made once, on the plane of lowest values.
  return ops.clamp_(ramp, 1, 2).mul_(chroma).add_(lowest.sub_(chroma));
}

/**
 * The hexagonal hue without a branch. Its distance from red, times the chroma, is
 * min(red, max(green, blue)) + min(green, blue) + 2 (chroma − red); green beyond blue gives its sign.
 * @returns lowest channel, chroma, and hue in [−3, 3] sixths of the circle from red, each [n, 1, h, w]
 */
function hueOf(images: Tensor): [lowest: Tensor, chroma: Tensor, angle: Tensor] {
  const [red, green, blue] = [0, 1, 2].map((channel) => ops.narrow(images, 1, channel, 1)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const [more, less] = [ops.maximum(green, blue), ops.minimum(green, blue)];
  const lowest = ops.minimum(red, less);
  const chroma = ops.maximum(red, more).sub_(lowest);
  const distance = ops.add_(ops.minimum(red, more).add_(less), chroma.sub(red), { alpha: 2 });
  // Grey has no hue; whichever comes out is multiplied by a chroma of 0.
  distance.div_(chroma.clamp(TINY));
  return [lowest, chroma, ops.copysign(distance, green.sub(blue))];
}
