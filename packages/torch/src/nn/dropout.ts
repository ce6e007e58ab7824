import { maskedDropout } from "../core/dropout.ts";
import { ArgumentError, refuseUnknown } from "../core/errors.ts";
import type { Generator } from "../core/generator.ts";
import type { Tensor } from "../core/tensor.ts";
import { Module } from "./module.ts";

/** What Dropout draws from. */
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
    if (!(p >= 0 && p < 1))
      throw new ArgumentError("Dropout", "p", "a probability in [0, 1)", String(p), "Pass 0 for none.");
    this.#generator = options.generator;
  }

  override forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0) return x;
    return maskedDropout(x, this.p, this.#generator);
  }
}
