/** Training views that are turned and scaled besides cropped, in one bilinear sampling. */
import { type Device, noGrad, ops, scope, type Tensor, tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { uploadFrames } from "../../ssl/views/frames.ts";
import { workingSize } from "../../ssl/views/resize.ts";

const BILINEAR = 0;
const BORDER = 1;

/** Sizes of a view, and the device that computes it. */
export interface ViewOptions {
  /** Side of the store's frames, pixels. */
  readonly stored: number;
  /** Side of the view, pixels. */
  readonly size: number;
  readonly device: Device;
}

/** How a view is cut out of a frame. */
export interface ImageWarp {
  /** Side of the crop, as a share of the frame's side. */
  readonly side: number;
  /** Centre of the crop, in shares of the frame's side from its middle. */
  readonly x: number;
  readonly y: number;
  /** Angle, radians. */
  readonly angle: number;
  readonly flipped: boolean;
}

/** Ranges of the draws. */
export interface WarpRanges {
  /** Side of the plain view, as a share of the frame's. */
  readonly side: number;
  /** The side is drawn within 1 ± this of `side`. */
  readonly zoom: number;
  /** Largest angle, degrees. */
  readonly rotate: number;
  readonly flipProbability: number;
}

/** Draws a crop for each of n images: its place is anywhere in the frame that holds the unturned crop. */
export function sampleWarps(
  n: number,
  { side, zoom, rotate, flipProbability }: WarpRanges,
  rng: Random,
): readonly ImageWarp[] {
  const most = (rotate * Math.PI) / 180;
  return Array.from({ length: n }, () => {
    const own = Math.min(1, side * rng.uniform(1 - zoom, 1 + zoom));
    const reach = (1 - own) / 2;
    return {
      side: own,
      x: rng.uniform(-reach, reach),
      y: rng.uniform(-reach, reach),
      angle: rng.uniform(-most, most),
      flipped: rng.chance(flipProbability),
    };
  });
}

/**
 * Cuts the crops out of frames; outside the frame, the pixels of its border are repeated.
 * @param images [n, 3, h, h]   @param size side of the views, pixels   @returns [n, 3, size, size]
 */
export function applyWarps(images: Tensor, warps: readonly ImageWarp[], size: number): Tensor {
  const { device } = images;
  const numbers = (of: (warp: ImageWarp) => number) =>
    tensor(Float32Array.from(warps, of), { shape: [warps.length, 1, 1], device });
  // Pixel centres from -1 to 1, as grid_sampler counts without align_corners.
  const steps = tensor(
    Float32Array.from({ length: size }, (_, i) => (2 * i + 1) / size - 1),
    { device },
  );
  const [across, down] = [steps, steps.view(size, 1)];
  const turned = (
    forward: (warp: ImageWarp) => number,
    aside: (warp: ImageWarp) => number,
    centre: (warp: ImageWarp) => number,
  ) => numbers(forward).mul(across).add(numbers(aside).mul(down)).add(numbers(centre));
  const mirror = ({ flipped }: ImageWarp) => (flipped ? -1 : 1);
  const columns = turned(
    (warp) => mirror(warp) * warp.side * Math.cos(warp.angle),
    (warp) => -warp.side * Math.sin(warp.angle),
    ({ x }) => 2 * x,
  );
  const rows = turned(
    (warp) => mirror(warp) * warp.side * Math.sin(warp.angle),
    (warp) => warp.side * Math.cos(warp.angle),
    ({ y }) => 2 * y,
  );
  return ops.gridSample(images, ops.stack([columns, rows], 3), BILINEAR, BORDER, false);
}

/** The share of a frame's side that the plain view shows. */
export const plainSide = (size: number): number => size / workingSize(size);

/**
 * Frames as turned, scaled, mirrored crops in 0..255.
 * @param frames [n, stored, stored, 3] RGB bytes   @returns [n, 3, size, size]
 */
export function warpedView(
  frames: Uint8Array,
  { stored, size, device }: ViewOptions,
  ranges: WarpRanges,
  rng: Random,
): Tensor {
  const n = frames.length / (stored * stored * 3);
  const warps = sampleWarps(n, ranges, rng);
  // Shrunk with antialiasing first: bilinear sampling alone would skip pixels of frames much larger than the view.
  const largest = Math.max(workingSize(size), Math.min(stored, 2 * size));
  return scope(() =>
    noGrad(() => applyWarps(uploadFrames(frames, { n, size: stored, largest, device }), warps, size)),
  );
}
