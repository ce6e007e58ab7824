import { ones, zeros } from "../core/creation.ts";
import { ArgumentError, refuseUnknown } from "../core/errors.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { Module } from "./module.ts";

/** Settings of LayerNorm. */
export interface LayerNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Whether it has a weight and a bias. Default true. */
  elementwiseAffine?: boolean;
  /** Whether it has a bias, if it has a weight. Default true. */
  bias?: boolean;
}

/**
 * Normalises each item over its last dimensions, then scales and shifts every element of them.
 * @see Ba et al. 2016, arXiv:1607.06450
 */
export class LayerNorm extends Module {
  /** [...normalizedShape] */
  readonly weight: Tensor | null;
  /** [...normalizedShape] */
  readonly bias: Tensor | null;
  readonly normalizedShape: readonly number[];
  readonly eps: number;

  /** @param normalizedShape sizes of the last dimensions, or the size of the last one */
  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    refuseUnknown("LayerNorm", options, ["eps", "elementwiseAffine", "bias"]);
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    const shape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.normalizedShape = shape;
    this.eps = eps;
    this.weight = elementwiseAffine ? this.parameter("weight", ones(shape)) : null;
    this.bias = elementwiseAffine && bias ? this.parameter("bias", zeros(shape)) : null;
  }

  override forward(x: Tensor): Tensor {
    return ops.layerNorm(x, this.normalizedShape, this.weight, this.bias, this.eps);
  }
}

/** Settings of GroupNorm. */
export interface GroupNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Whether it has a weight and a bias. Default true. */
  affine?: boolean;
}

/**
 * Normalises groups of channels of [n, channels, ...], each item by itself, then scales and shifts every channel.
 * @see Wu & He 2018, arXiv:1803.08494
 */
export class GroupNorm extends Module {
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;
  readonly eps: number;

  constructor(
    readonly numGroups: number,
    readonly numChannels: number,
    options: GroupNormOptions = {},
  ) {
    super();
    refuseUnknown("GroupNorm", options, ["eps", "affine"]);
    if (numChannels % numGroups !== 0)
      throw new ArgumentError(
        "GroupNorm",
        "numGroups",
        `a divisor of ${numChannels}`,
        String(numGroups),
        "Change numGroups or numChannels.",
      );
    const { eps = 1e-5, affine = true } = options;
    this.eps = eps;
    this.weight = affine ? this.parameter("weight", ones([numChannels])) : null;
    this.bias = affine ? this.parameter("bias", zeros([numChannels])) : null;
  }

  override forward(x: Tensor): Tensor {
    return ops.groupNorm(x, this.numGroups, this.weight, this.bias, this.eps);
  }
}
