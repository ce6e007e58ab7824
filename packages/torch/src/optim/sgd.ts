import { ArgumentError } from "../core/errors.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import {
  type BaseOptions,
  checkRanges,
  type Group,
  Optimizer,
  type ParameterGroup,
  type Update,
} from "./optimizer.ts";

/** Settings of SGD. */
export interface SGDOptions extends BaseOptions {
  /** Default 0. */
  momentum: number;
  /** Look one step ahead along the momentum. Default false. */
  nesterov: boolean;
  /** Added to the gradient, times the parameter. Default 0. */
  weightDecay: number;
}

const defaults: SGDOptions = { lr: 1e-3, momentum: 0, nesterov: false, weightDecay: 0 };

/**
 * Stochastic gradient descent: v ← µ v + g, p ← p − lr · v, the first v being g.
 * @see Sutskever et al. 2013, for the momentum as PyTorch defines it
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(
    parameters: readonly Tensor[] | readonly ParameterGroup<SGDOptions>[],
    options: Partial<SGDOptions> = {},
  ) {
    super(parameters, options, defaults);
    for (const group of this.groups) {
      checkRanges("SGD", group, {
        lr: [0, Number.MAX_VALUE],
        momentum: [0, Number.MAX_VALUE],
        weightDecay: [0, Number.MAX_VALUE],
      });
      if (group.nesterov && group.momentum === 0)
        throw new ArgumentError(
          "SGD",
          "momentum",
          "more than 0, with nesterov",
          "0",
          "Set momentum, as 0.9, or leave nesterov out.",
        );
    }
  }

  protected override stateNames({ momentum }: Group<SGDOptions>): readonly string[] {
    return momentum === 0 ? [] : ["momentum_buffer"];
  }

  protected override update(group: Group<SGDOptions>, { parameters, gradients, step }: Update): void {
    const { lr, momentum, nesterov, weightDecay } = group;
    const decayed =
      weightDecay === 0 ? gradients : ops.foreachAdd(gradients, parameters, { alpha: weightDecay });
    ops.foreachAdd_(
      parameters,
      momentum === 0 ? decayed : this.#moved(parameters, decayed, momentum, nesterov, step),
      { alpha: -lr },
    );
  }

  #moved(
    parameters: Tensor[],
    gradients: Tensor[],
    momentum: number,
    nesterov: boolean,
    step: number,
  ): Tensor[] {
    const velocities = this.state("momentum_buffer", parameters, (p) => ops.zerosLike(p));
    if (step > 1) ops.foreachMul_(velocities, momentum);
    ops.foreachAdd_(velocities, gradients);
    return nesterov ? ops.foreachAdd(gradients, velocities, { alpha: momentum }) : velocities;
  }
}
