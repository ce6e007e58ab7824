import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { Module } from "./module.ts";

/** max(x, 0). In place it overwrites its input, which saves an activation if nothing else needs that input. */
export class ReLU extends Module {
  readonly #inPlace: boolean;

  constructor({ inPlace = false } = {}) {
    super();
    this.#inPlace = inPlace;
  }

  override forward(x: Tensor): Tensor {
    return this.#inPlace ? ops.relu_(x) : ops.relu(x);
  }
}

/** x where positive, else negativeSlope · x. */
export class LeakyReLU extends Module {
  constructor(readonly negativeSlope = 0.01) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return ops.leakyRelu(x, this.negativeSlope);
  }
}

/** x Φ(x). @see Hendrycks & Gimpel 2016, arXiv:1606.08415 */
export class GELU extends Module {
  override forward(x: Tensor): Tensor {
    return ops.gelu(x);
  }
}

/** x σ(x). */
export class SiLU extends Module {
  override forward(x: Tensor): Tensor {
    return ops.silu(x);
  }
}

/** 1 / (1 + e^−x). */
export class Sigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return ops.sigmoid(x);
  }
}

/** Hyperbolic tangent. */
export class Tanh extends Module {
  override forward(x: Tensor): Tensor {
    return ops.tanh(x);
  }
}

/** exp(x) / Σ exp(x) along a dimension. */
export class Softmax extends Module {
  constructor(readonly dim: number) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return ops.softmax(x, this.dim);
  }
}

/** The logarithm of Softmax, without underflow. */
export class LogSoftmax extends Module {
  constructor(readonly dim: number) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return ops.logSoftmax(x, this.dim);
  }
}
