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

/** Settings of LARS. */
export interface LARSOptions extends BaseOptions {
  /** Default 0.9. */
  momentum: number;
  /** Default 1e-6, as in SimCLR. */
  weightDecay: number;
  /** Length of an update in units of the parameter's own. Default 0.001. */
  trustCoefficient: number;
  /** Biases and normalisation weights (vectors) take plain momentum steps without decay. Default true, as in SimCLR. */
  excludeVectors: boolean;
}

const defaults: LARSOptions = {
  lr: 0.3,
  momentum: 0.9,
  weightDecay: 1e-6,
  trustCoefficient: 1e-3,
  excludeVectors: true,
};

/**
 * SGD with momentum whose step is scaled, per parameter, by trust · ‖p‖ / ‖g + decay · p‖: layers with small weights are
 * not blown up by the learning rates that very large batches need.
 * @see You et al. 2017, arXiv:1708.03888
 */
export class LARS extends Optimizer<LARSOptions> {
  constructor(
    parameters: readonly Tensor[] | readonly ParameterGroup<LARSOptions>[],
    options: Partial<LARSOptions> = {},
  ) {
    super(parameters, options, defaults);
    for (const group of this.groups)
      checkRanges("LARS", group, {
        lr: [0, Number.MAX_VALUE],
        momentum: [0, 1],
        weightDecay: [0, Number.MAX_VALUE],
        trustCoefficient: [0, Number.MAX_VALUE],
      });
  }

  protected override stateNames(): readonly string[] {
    return ["momentum_buffer"];
  }

  protected override update(group: Group<LARSOptions>, { parameters, gradients }: Update): void {
    const scaled = parameters.map((parameter, i) => scaledGradient(group, parameter, gradients[i]!));
    const velocities = this.state("momentum_buffer", parameters, (p) => ops.zerosLike(p));
    ops.foreachMul_(velocities, group.momentum);
    ops.foreachAdd_(velocities, scaled);
    ops.foreachAdd_(parameters, velocities, { alpha: -group.lr });
  }
}

function scaledGradient(group: Group<LARSOptions>, parameter: Tensor, gradient: Tensor): Tensor {
  if (group.excludeVectors && parameter.ndim < 2) return gradient;
  const decayed = ops.add(gradient, parameter, { alpha: group.weightDecay });
  const [parameterNorm, gradientNorm] = ops.foreachNorm([parameter, decayed], 2);
  // A parameter or gradient of length zero takes a plain step. All on the device: nothing waits for a number.
  const trust = parameterNorm!.mul(group.trustCoefficient).div(gradientNorm!);
  const usable = ops.logicalAnd(parameterNorm!.gt(0), gradientNorm!.gt(0));
  return decayed.mul_(ops.where(usable, trust, ops.onesLike(trust)));
}
