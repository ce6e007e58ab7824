import { empty } from "../core/creation.ts";
import { ArgumentError, refuseUnknown } from "../core/errors.ts";
import type { Generator } from "../core/generator.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { kaimingUniform_, uniform_ } from "./init.ts";
import { Module } from "./module.ts";

/** One number for both, or [height, width]. */
export type Pair = number | readonly [number, number];

/** Settings of Conv2d, with PyTorch's defaults. */
export interface Conv2dOptions {
  stride?: Pair;
  padding?: Pair;
  dilation?: Pair;
  groups?: number;
  /** Default true. */
  bias?: boolean;
  /** Draws the initial weights. Default: the device's own. */
  generator?: Generator;
}

function pair(value: Pair): readonly [number, number] {
  return typeof value === "number" ? [value, value] : value;
}

/** Cross-correlation: [n, inChannels, h, w] to [n, outChannels, h', w']. */
export class Conv2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    readonly kernelSize: Pair,
    options: Conv2dOptions = {},
  ) {
    super();
    refuseUnknown("Conv2d", options, ["stride", "padding", "dilation", "groups", "bias", "generator"]);
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, ...init } = options;
    if (inChannels % groups !== 0 || outChannels % groups !== 0)
      throw new ArgumentError(
        "Conv2d",
        "groups",
        `a divisor of ${inChannels} and ${outChannels}`,
        String(groups),
      );
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    const size = [outChannels, inChannels / groups, ...pair(kernelSize)];
    this.weight = this.parameter("weight", kaimingUniform_(empty(size), Math.sqrt(5), init));
    const bound = 1 / Math.sqrt(size.slice(1).reduce((product, n) => product * n, 1));
    this.bias = bias ? this.parameter("bias", uniform_(empty([outChannels]), -bound, bound, init)) : null;
  }

  override forward(x: Tensor): Tensor {
    return ops.conv2d(x, this.weight, this.bias, this.stride, this.padding, this.dilation, this.groups);
  }
}
