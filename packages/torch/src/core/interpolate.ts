import { ArgumentError, refuseUnknown, ShapeError } from "./errors.ts";
import * as ops from "./operators.ts";
import type { Tensor } from "./tensor.ts";

/** How values between pixels are found: linear for sequences, bilinear and bicubic for images, trilinear for volumes. */
export type InterpolationMode = "nearest" | "linear" | "bilinear" | "bicubic" | "trilinear";

/** How `interpolate` resizes: to a size, or by a factor. */
export interface InterpolateOptions {
  /** Output size: one number for all dimensions, or one for each, as [height, width]. */
  size?: number | readonly number[];
  /** Output size as a multiple of the input's, rounded down: one number for all dimensions, or one for each. */
  scaleFactor?: number | readonly number[];
  /** Default nearest, as in PyTorch. */
  mode?: InterpolationMode;
  /** Corners of the first and last pixels, not their edges, keep their places. Not for nearest. Default false. */
  alignCorners?: boolean;
  /** Average over all pixels that fall together when shrinking. For bilinear. Default false. */
  antialias?: boolean;
}

type Resize = (
  x: Tensor,
  size: readonly number[] | null,
  alignCorners: boolean,
  scales: readonly number[] | null,
) => Tensor;

/** By the input's number of dimensions: its modes, nearest first. */
const modes: Readonly<Record<number, Partial<Record<InterpolationMode, Resize>>>> = {
  3: {
    nearest: (x, size, _, scales) => ops.upsampleNearest1d(x, size, scales),
    linear: ops.upsampleLinear1d,
  },
  4: {
    nearest: (x, size, _, scales) => ops.upsampleNearest2d(x, size, scales),
    bilinear: ops.upsampleBilinear2d,
    bicubic: ops.upsampleBicubic2d,
  },
  5: {
    nearest: (x, size, _, scales) => ops.upsampleNearest3d(x, size, scales),
    trilinear: ops.upsampleTrilinear3d,
  },
};

/**
 * Sequences, images or volumes resized, as torch.nn.functional.interpolate.
 * @param x [n, channels, length], [n, channels, height, width] or [n, channels, depth, height, width]
 * @returns [n, channels, ...size]
 * @throws ShapeError for another number of dimensions; ArgumentError for an option that the mode does not take, or for a size
 * and a scaleFactor, or neither
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  refuseUnknown("interpolate", options, ["size", "scaleFactor", "mode", "alignCorners", "antialias"]);
  const { mode = "nearest", alignCorners = false, antialias = false } = options;
  const byMode = modes[x.ndim];
  if (!byMode)
    throw new ShapeError(
      "interpolate",
      "[n, channels, length], [n, channels, height, width] or [n, channels, depth, height, width]",
      x.describe(),
      "Add the dimensions that are missing: `x.unsqueeze(0)`.",
    );
  const resize = Object.hasOwn(byMode, mode) ? byMode[mode] : undefined;
  if (!resize)
    throw refused("mode", alternatives(Object.keys(byMode)), String(mode), "Use a mode for this shape.");
  if (antialias && mode !== "bilinear")
    throw refused("mode", "bilinear, with antialias", mode, useOrOmit("antialias"));
  if (alignCorners && mode === "nearest")
    throw refused(
      "mode",
      `${alternatives(Object.keys(byMode).slice(1))}, with alignCorners`,
      mode,
      useOrOmit("alignCorners"),
    );
  const { size, scaleFactor } = target(options, x.ndim - 2);
  return (antialias ? ops.upsampleBilinear2dAntialias : resize)(x, size, alignCorners, scaleFactor);
}

/** The one of size and scaleFactor that is given, with one number for each dimension. */
function target({ size, scaleFactor }: InterpolateOptions, dimensions: number) {
  if ((size === undefined) === (scaleFactor === undefined))
    throw refused(
      "options",
      "size or scaleFactor",
      size === undefined ? "neither" : "both",
      "Pass one of them.",
    );
  return { size: each("size", size, dimensions), scaleFactor: each("scaleFactor", scaleFactor, dimensions) };
}

function each(name: string, given: number | readonly number[] | undefined, dimensions: number) {
  if (given === undefined) return null;
  const numbers = typeof given === "number" ? Array<number>(dimensions).fill(given) : given;
  if (numbers.length !== dimensions || !numbers.every((number) => number > 0))
    throw refused(
      name,
      `a positive number, or ${dimensions} of them`,
      JSON.stringify(given),
      "Pass one per dimension.",
    );
  return numbers;
}

function refused(option: string, expected: string, received: string, remedy: string): ArgumentError {
  return new ArgumentError("interpolate", option, expected, received, remedy);
}

const useOrOmit = (option: string) => `Use such a mode, or leave ${option} out.`;

function alternatives(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
