import { ArgumentError, refuseUnknown } from "../core/errors.ts";
import type { Generator } from "../core/generator.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { Module } from "./module.ts";

/** Settings of Dropout. */
export interface DropoutOptions {
  /** Draws the mask, so that a run can be repeated. Default: the device's own. */
  generator?: Generator;
}

/** In training zeroes each element with probability p and scales the rest by 1/(1−p). */
export class Dropout extends Module {
  readonly #generator: Generator | undefined;

  constructor(
    readonly p = 0.5,
    options: DropoutOptions = {},
  ) {
    super();
    refuseUnknown("Dropout", options, ["generator"]);
    if (!(p >= 0 && p < 1)) throw new ArgumentError("Dropout", "p", "a probability in [0, 1)", String(p));
    this.#generator = options.generator;
  }

  override forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0) return x;
    if (!this.#generator) return ops.dropout(x, this.p, true);
    // Uniform numbers compared cost a quarter of Bernoulli ones, and are float32 so that p stays exact in shorter types.
    const drawn = ops.uniform_(ops.emptyLike(x.detach(), { dtype: "float32" }), 0, 1, {
      generator: this.#generator,
    });
    const kept = drawn.lt(1 - this.p).to({ dtype: x.dtype });
    return ops.mul(x, kept.mul_(1 / (1 - this.p)));
  }
}
