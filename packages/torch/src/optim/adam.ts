import { full } from "../core/creation.ts";
import { native } from "../core/native.ts";
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

/** Settings of Adam and AdamW. */
export interface AdamOptions extends BaseOptions {
  /** Decay of the running mean of gradients. Default 0.9. */
  beta1: number;
  /** Decay of the running mean of their squares. Default 0.999. */
  beta2: number;
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Adam: added to the gradient, times the parameter. AdamW: taken off the parameter itself. */
  weightDecay: number;
}

const defaults: AdamOptions = { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0 };
const belowOne = 1 - Number.EPSILON;

type Parameters = readonly Tensor[] | readonly ParameterGroup<AdamOptions>[];

const ranges = {
  lr: [0, Number.MAX_VALUE],
  beta1: [0, belowOne],
  beta2: [0, belowOne],
  eps: [0, Number.MAX_VALUE],
  weightDecay: [0, Number.MAX_VALUE],
} as const;

let knownFused: boolean | undefined;

// libtorch has had the whole update as one kernel on the GPU for longer, on the CPU since 2.4.
function hasFusedKernel(): boolean {
  if (knownFused === undefined) {
    const [major = 0, minor = 0] = native.version().split(".").map(Number);
    knownFused = major > 2 || (major === 2 && minor >= 4);
  }
  return knownFused;
}

/** Moves parameters by m̂ / (√v̂ + ε), with the running means m of gradients and v of their squares corrected for starting at zero. */
abstract class AdamBase extends Optimizer<AdamOptions> {
  constructor(parameters: Parameters, options: Partial<AdamOptions>, defaults: AdamOptions) {
    super(parameters, options, defaults);
    for (const group of this.groups) checkRanges(this.constructor.name, group, ranges);
  }

  protected override stateNames(): readonly string[] {
    return ["exp_avg", "exp_avg_sq"];
  }

  /** Adam's update of parameters at the same step. Weight decay is the caller's. */
  protected apply(group: Group<AdamOptions>, update: Update): void {
    const means = this.state("exp_avg", update.parameters, (p) => ops.zerosLike(p));
    const squares = this.state("exp_avg_sq", update.parameters, (p) => ops.zerosLike(p));
    const { lr, beta1, beta2, eps } = group;
    const { parameters, gradients, step } = update;
    if (hasFusedKernel() && laidOutAlike(parameters, [gradients, means, squares]))
      return fused(group, update, means, squares);
    ops.foreachMul_(means, beta1);
    ops.foreachAdd_(means, gradients, { alpha: 1 - beta1 });
    ops.foreachMul_(squares, beta2);
    ops.foreachAddcmul_(squares, gradients, gradients, 1 - beta2);
    const denominators = ops.foreachSqrt(squares);
    ops.foreachDiv_(denominators, Math.sqrt(1 - beta2 ** step));
    ops.foreachAddScalar_(denominators, eps);
    ops.foreachAddcdiv_(parameters, means, denominators, -lr / (1 - beta1 ** step));
  }
}

/**
 * Whether element i of a parameter is element i of its companions in memory too. libtorch's kernel takes that for granted:
 * with a channels-last parameter and a row-major gradient it would, without a word, move the wrong elements.
 */
function laidOutAlike(parameters: readonly Tensor[], companions: readonly (readonly Tensor[])[]): boolean {
  return parameters.every((parameter, i) => {
    const { shape, strides } = parameter;
    return companions.every((tensors) =>
      tensors[i]!.strides.every((stride, dim) => shape[dim] === 1 || stride === strides[dim]),
    );
  });
}

function fused(group: Group<AdamOptions>, update: Update, means: Tensor[], squares: Tensor[]): void {
  const { lr, beta1, beta2, eps } = group;
  const device = update.parameters[0]!.device;
  // The kernel counts this step as done. It only reads the number, so one tensor does for all: on a GPU each is a launch.
  const step = full([], update.step, { dtype: "float32", device });
  const steps = update.parameters.map(() => step);
  const settings = { lr, beta1, beta2, weight_decay: 0, eps, amsgrad: false, maximize: false };
  ops.fusedAdam_(update.parameters, update.gradients, means, squares, [], steps, settings);
}

/**
 * Adam; weight decay is added to the gradient, as L2 regularisation.
 * @see Kingma & Ba 2015, arXiv:1412.6980
 */
export class Adam extends AdamBase {
  constructor(parameters: Parameters, options: Partial<AdamOptions> = {}) {
    super(parameters, options, defaults);
  }

  protected override update(group: Group<AdamOptions>, update: Update): void {
    const { parameters, gradients } = update;
    const alpha = group.weightDecay;
    this.apply(
      group,
      alpha === 0 ? update : { ...update, gradients: ops.foreachAdd(gradients, parameters, { alpha }) },
    );
  }
}

/**
 * Adam with weight decay on the parameters themselves. Default decay 0.01.
 * @see Loshchilov & Hutter 2019, arXiv:1711.05101
 */
export class AdamW extends AdamBase {
  constructor(parameters: Parameters, options: Partial<AdamOptions> = {}) {
    super(parameters, options, { ...defaults, weightDecay: 0.01 });
  }

  protected override update(group: Group<AdamOptions>, update: Update): void {
    if (group.weightDecay !== 0) ops.foreachMul_(update.parameters, 1 - group.lr * group.weightDecay);
    this.apply(group, update);
  }
}
