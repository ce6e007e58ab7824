import { empty } from "../core/creation.ts";
import { refuseUnknown } from "../core/errors.ts";
import type { Generator } from "../core/generator.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { kaimingUniform_, uniform_ } from "./init.ts";
import { Module } from "./module.ts";

/** Settings of Linear. */
export interface LinearOptions {
  /** Default true. */
  bias?: boolean;
  /** Draws the initial weights. Default: the device's own. */
  generator?: Generator;
}

/** y = x Wᵀ + b on the last dimension: [..., inFeatures] to [..., outFeatures]. */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | null;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    super();
    refuseUnknown("Linear", options, ["bias", "generator"]);
    const { bias = true, ...init } = options;
    this.weight = this.parameter(
      "weight",
      kaimingUniform_(empty([outFeatures, inFeatures]), Math.sqrt(5), init),
    );
    const bound = 1 / Math.sqrt(inFeatures);
    this.bias = bias ? this.parameter("bias", uniform_(empty([outFeatures]), -bound, bound, init)) : null;
  }

  override forward(x: Tensor): Tensor {
    return ops.linear(x, this.weight, this.bias);
  }
}
