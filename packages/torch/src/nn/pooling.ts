import * as ops from "../operators.ts";
import type { Tensor } from "../tensor.ts";
import type { Pair } from "./conv.ts";
import { Module } from "./module.ts";

export interface PoolOptions {
  /** Default: the kernel's size. */
  stride?: Pair;
  padding?: Pair;
}

/** The largest value of each window: [n, c, h, w] to [n, c, h', w']. */
export class MaxPool2d extends Module {
  readonly #stride: Pair;
  readonly #padding: Pair;

  constructor(
    readonly kernelSize: Pair,
    { stride = kernelSize, padding = 0 }: PoolOptions = {},
  ) {
    super();
    this.#stride = stride;
    this.#padding = padding;
  }

  override forward(x: Tensor): Tensor {
    return ops.maxPool2d(x, this.kernelSize, this.#stride, this.#padding);
  }
}

/** The mean of each window, padding counted as zeros. */
export class AvgPool2d extends Module {
  readonly #stride: Pair;
  readonly #padding: Pair;

  constructor(
    readonly kernelSize: Pair,
    { stride = kernelSize, padding = 0 }: PoolOptions = {},
  ) {
    super();
    this.#stride = stride;
    this.#padding = padding;
  }

  override forward(x: Tensor): Tensor {
    return ops.avgPool2d(x, this.kernelSize, this.#stride, this.#padding);
  }
}

/** Means over windows chosen so that the output has the given size: [n, c, h, w] to [n, c, ...outputSize]. */
export class AdaptiveAvgPool2d extends Module {
  constructor(readonly outputSize: Pair) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return ops.adaptiveAvgPool2d(x, this.outputSize);
  }
}
