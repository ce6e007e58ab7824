import { empty } from "../core/creation.ts";
import { ArgumentError, refuseUnknown } from "../core/errors.ts";
import type { Generator } from "../core/generator.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { kaimingUniform_, uniform_ } from "./init.ts";
import { Module } from "./module.ts";

/** One number, or [length]. */
export type Single = number | readonly [number];
/** One number for both, or [height, width]. */
export type Pair = number | readonly [number, number];
/** One number for all three, or [depth, height, width]. */
export type Triple = number | readonly [number, number, number];

/** Settings of a convolution over as many dimensions as `Size` has, PyTorch's by name and default. */
export interface ConvOptions<Size> {
  stride?: Size;
  padding?: Size;
  dilation?: Size;
  groups?: number;
  /** Default true. */
  bias?: boolean;
  /** Draws the initial weights. Default: the device's own. */
  generator?: Generator;
}

/** Settings of Conv1d. */
export type Conv1dOptions = ConvOptions<Single>;
/** Settings of Conv2d. */
export type Conv2dOptions = ConvOptions<Pair>;
/** Settings of Conv3d. */
export type Conv3dOptions = ConvOptions<Triple>;

/** Settings of ConvTranspose2d. */
export interface ConvTranspose2dOptions extends ConvOptions<Pair> {
  /** Rows and columns added to one side of the output, smaller than the stride or the dilation. Default 0. */
  outputPadding?: Pair;
}

/** What the four convolutions have in common: checked settings, and a weight of PyTorch's shape and initial values. */
abstract class Convolution<Size extends number | readonly number[]> extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly stride: Size | 1;
  readonly padding: Size | 0;
  readonly dilation: Size | 1;
  readonly groups: number;

  /** @param dimensions as many as the kernel has   @param transposed the weight is [in, out / groups, …kernel] */
  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    readonly kernelSize: Size,
    options: ConvOptions<Size>,
    dimensions: number,
    transposed: boolean,
  ) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, generator } = options;
    if (inChannels % groups !== 0 || outChannels % groups !== 0)
      throw new ArgumentError(
        this.constructor.name,
        "groups",
        `a divisor of ${inChannels} and ${outChannels}`,
        String(groups),
        "Use 1, or change the numbers of channels.",
      );
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    const [first, second] = transposed ? [inChannels, outChannels] : [outChannels, inChannels];
    const kernel = typeof kernelSize === "number" ? Array<number>(dimensions).fill(kernelSize) : kernelSize;
    const size = [first, second / groups, ...(kernel as readonly number[])];
    const init = generator ? { generator } : {};
    this.weight = this.parameter("weight", kaimingUniform_(empty(size), Math.sqrt(5), init));
    const bound = 1 / Math.sqrt(size.slice(1).reduce((product, n) => product * n, 1));
    this.bias = bias ? this.parameter("bias", uniform_(empty([outChannels]), -bound, bound, init)) : null;
  }
}

const known = ["stride", "padding", "dilation", "groups", "bias", "generator"];

/** Cross-correlation of sequences: [n, inChannels, l] to [n, outChannels, l']. */
export class Conv1d extends Convolution<Single> {
  constructor(inChannels: number, outChannels: number, kernelSize: Single, options: Conv1dOptions = {}) {
    refuseUnknown("Conv1d", options, known);
    super(inChannels, outChannels, kernelSize, options, 1, false);
  }

  override forward(x: Tensor): Tensor {
    return ops.conv1d(x, this.weight, this.bias, this.stride, this.padding, this.dilation, this.groups);
  }
}

/** Cross-correlation: [n, inChannels, h, w] to [n, outChannels, h', w']. */
export class Conv2d extends Convolution<Pair> {
  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: Conv2dOptions = {}) {
    refuseUnknown("Conv2d", options, known);
    super(inChannels, outChannels, kernelSize, options, 2, false);
  }

  override forward(x: Tensor): Tensor {
    return ops.conv2d(x, this.weight, this.bias, this.stride, this.padding, this.dilation, this.groups);
  }
}

/** Cross-correlation of volumes: [n, inChannels, d, h, w] to [n, outChannels, d', h', w']. */
export class Conv3d extends Convolution<Triple> {
  constructor(inChannels: number, outChannels: number, kernelSize: Triple, options: Conv3dOptions = {}) {
    refuseUnknown("Conv3d", options, known);
    super(inChannels, outChannels, kernelSize, options, 3, false);
  }

  override forward(x: Tensor): Tensor {
    return ops.conv3d(x, this.weight, this.bias, this.stride, this.padding, this.dilation, this.groups);
  }
}

/**
 * The transpose of Conv2d, which makes images larger: [n, inChannels, h, w] to [n, outChannels, h', w'],
 * h' = (h − 1) · stride − 2 · padding + dilation · (kernel − 1) + outputPadding + 1.
 */
export class ConvTranspose2d extends Convolution<Pair> {
  readonly outputPadding: Pair;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    options: ConvTranspose2dOptions = {},
  ) {
    refuseUnknown("ConvTranspose2d", options, [...known, "outputPadding"]);
    super(inChannels, outChannels, kernelSize, options, 2, true);
    this.outputPadding = options.outputPadding ?? 0;
  }

  override forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding, outputPadding, groups, dilation } = this;
    return ops.convTranspose2d(x, weight, bias, stride, padding, outputPadding, groups, dilation);
  }
}
