import { refuseUnknown } from "../core/errors.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Pair } from "./conv.ts";
import { Module } from "./module.ts";

/** Settings of MaxPool2d and AvgPool2d. */
export interface PoolOptions {
  /** Default: the kernel's size. */
  stride?: Pair;
  padding?: Pair;
}

/** A window that slides over [n, c, h, w]. */
abstract class Pool extends Module {
  readonly stride: Pair;
  readonly padding: Pair;

  constructor(
    readonly kernelSize: Pair,
    options: PoolOptions = {},
  ) {
    super();
    refuseUnknown(this.constructor.name, options, ["stride", "padding"]);
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
  }
}

/** The largest value of each window: [n, c, h, w] to [n, c, h', w']. */
export class MaxPool2d extends Pool {
  override forward(x: Tensor): Tensor {
    return ops.maxPool2d(x, this.kernelSize, this.stride, this.padding);
  }
}

/** The mean of each window, padding counted as zeros. */
export class AvgPool2d extends Pool {
  override forward(x: Tensor): Tensor {
    return ops.avgPool2d(x, this.kernelSize, this.stride, this.padding);
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
