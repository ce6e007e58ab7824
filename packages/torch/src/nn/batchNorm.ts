import { noGrad } from "../core/autograd.ts";
import { ones, zeros } from "../core/creation.ts";
import { refuseUnknown, ShapeError } from "../core/errors.ts";
import { operator } from "../core/operator.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { inGroup, processGroup } from "../distributed/processGroup.ts";
import { type AnyModule, Module } from "./module.ts";

/**
 * BatchNorm by the mean and variance of the batches of all ranks; moves the running statistics. Differentiable: the backward
 * pass takes one all-reduce.
 * @param x [n, channels, …]; n may differ between ranks
 */
const syncBatchNorm = operator(
  "duchenne::sync_batch_norm(Tensor self, Tensor weight, Tensor bias, Tensor(a!) running_mean, Tensor(b!) running_var, float momentum, float eps) -> Tensor",
);

/** Settings of BatchNorm1d and BatchNorm2d. */
export interface BatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Share of the new batch in the running statistics. Default 0.1. */
  momentum?: number;
}

/**
 * Normalises each channel over everything else, then scales and shifts it. Training uses the batch's mean and (biased)
 * variance and moves the running ones, which evaluation uses.
 * @see Ioffe & Szegedy 2015, arXiv:1502.03167
 */
class BatchNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
  readonly numBatchesTracked: Tensor;
  readonly eps: number;
  readonly momentum: number;
  /**
   * Whether training takes the mean and variance over the batches of all ranks of the process group. Without a group, or in
   * one of a single process, it changes nothing.
   */
  synchronized = false;

  constructor(
    readonly numFeatures: number,
    /** Numbers of dimensions the input may have. */
    private readonly dimensions: readonly number[],
    options: BatchNormOptions,
  ) {
    super();
    refuseUnknown(this.constructor.name, options, ["eps", "momentum"]);
    this.eps = options.eps ?? 1e-5;
    this.momentum = options.momentum ?? 0.1;
    this.weight = this.parameter("weight", ones([numFeatures]));
    this.bias = this.parameter("bias", zeros([numFeatures]));
    this.runningMean = this.buffer("running_mean", zeros([numFeatures]));
    this.runningVar = this.buffer("running_var", ones([numFeatures]));
    // Files from before PyTorch 0.4.1, torchvision's older ImageNet weights among them, do not have it.
    this.numBatchesTracked = this.buffer("num_batches_tracked", zeros([], { dtype: "int64" }), {
      optional: true,
    });
  }

  override forward(x: Tensor): Tensor {
    const { shape } = x;
    if (!this.dimensions.includes(shape.length))
      throw new ShapeError(
        this.constructor.name,
        `${this.dimensions.join(" or ")} dimensions`,
        x.describe(),
        "Add a dimension of 1 with `unsqueeze`, or use the BatchNorm of this number of dimensions.",
      );
    const synchronized = this.training && this.synchronized && (processGroup()?.worldSize ?? 1) > 1;
    if (this.training) {
      // libtorch would make the running variance NaN, without a word.
      if (!synchronized && shape.every((size, dim) => dim === 1 || size === 1))
        throw new ShapeError(
          this.constructor.name,
          "several values per channel in training",
          x.describe(),
          "Pass a batch of 2 or more, or call `eval()` first.",
        );
      noGrad(() => this.numBatchesTracked.add_(1));
    }
    const { weight, bias, runningMean, runningVar, training, momentum, eps } = this;
    if (synchronized)
      return inGroup("SyncBatchNorm", () =>
        syncBatchNorm(x, weight, bias, runningMean, runningVar, momentum, eps),
      );
    return ops.batchNorm(x, weight, bias, runningMean, runningVar, training, momentum, eps, true);
  }
}

/** Over [n, features] or [n, features, length]. */
export class BatchNorm1d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, [2, 3], options);
  }
}

/** Over [n, features, height, width]. */
export class BatchNorm2d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, [4], options);
  }
}

/**
 * Over [n, features, …], by the statistics of the batches of all ranks of the process group together: what one process
 * computes of them all, forward and backward. The state dict is BatchNorm's.
 */
export class SyncBatchNorm extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, [2, 3, 4, 5], options);
    this.synchronized = true;
  }
}

/**
 * Makes each BatchNorm of a network one over all ranks, or no more.
 * @returns the network
 */
export function synchronizeBatchNorm<M extends AnyModule>(network: M, synchronized = true): M {
  for (const [, module] of network.namedModules())
    if (module instanceof BatchNorm) module.synchronized = synchronized;
  return network;
}
