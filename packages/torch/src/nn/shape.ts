import { refuseUnknown } from "../core/errors.ts";
import { type InterpolateOptions, interpolate } from "../core/interpolate.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { Module } from "./module.ts";

/** Gives its input. */
export class Identity extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/** Dimensions from startDim to endDim as one, all but the batch's by default. */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1,
  ) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return ops.flatten(x, this.startDim, this.endDim);
  }
}

/** Settings of Upsample: those of `interpolate` that PyTorch's Upsample has. */
export type UpsampleOptions = Omit<InterpolateOptions, "antialias">;

/** `ops.interpolate` as a module: sequences, images or volumes resized to a size or by a factor. */
export class Upsample extends Module {
  readonly #options: UpsampleOptions;

  constructor(options: UpsampleOptions) {
    super();
    refuseUnknown("Upsample", options, ["size", "scaleFactor", "mode", "alignCorners"]);
    this.#options = { ...options };
  }

  override forward(x: Tensor): Tensor {
    return interpolate(x, this.#options);
  }
}
