// Losses as modules: settings kept, input and target given to `call`. The functions are in `ops`.
import * as ops from "../core/operators.ts";
import type { Reduction } from "../core/schema.ts";
import type { Tensor } from "../core/tensor.ts";
import { Loss, type LossOptions } from "./loss.ts";

/** |input − target|. */
export class L1Loss extends Loss {
  constructor(options: LossOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return ops.l1Loss(input, target, this.reduction);
  }
}

/** (input − target)². */
export class MSELoss extends Loss {
  constructor(options: LossOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return ops.mseLoss(input, target, this.reduction);
  }
}

/** Settings of SmoothL1Loss. */
export interface SmoothL1LossOptions extends LossOptions {
  /** Difference from which the loss is linear. Default 1. */
  beta?: number;
}

/** ½ d² / beta for |d| < beta, else |d| − ½ beta, d = input − target. */
export class SmoothL1Loss extends Loss {
  readonly beta: number;

  constructor(options: SmoothL1LossOptions = {}) {
    super(options, ["beta"]);
    this.beta = options.beta ?? 1;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return ops.smoothL1Loss(input, target, this.reduction, this.beta);
  }
}

/** Settings of HuberLoss. */
export interface HuberLossOptions extends LossOptions {
  /** Difference from which the loss is linear. Default 1. */
  delta?: number;
}

/** ½ d² for |d| < delta, else delta · (|d| − ½ delta), d = input − target. */
export class HuberLoss extends Loss {
  readonly delta: number;

  constructor(options: HuberLossOptions = {}) {
    super(options, ["delta"]);
    this.delta = options.delta ?? 1;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return ops.huberLoss(input, target, this.reduction, this.delta);
  }
}

/** Settings of BCELoss. */
export interface BCELossOptions extends LossOptions {
  /** Factor of each element's loss, broadcast. */
  weight?: Tensor | null;
}

/** Binary cross entropy of probabilities and targets in [0, 1]. Of logits, BCEWithLogitsLoss is more exact. */
export class BCELoss extends Loss {
  readonly weight: Tensor | null;

  constructor(options: BCELossOptions = {}) {
    super(options, ["weight"]);
    this.weight = this.weightOf("weight", options.weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return ops.binaryCrossEntropy(input, target, this.weight, this.reduction);
  }
}

/** Settings of BCEWithLogitsLoss. */
export interface BCEWithLogitsLossOptions extends BCELossOptions {
  /** Factor of the positive targets' share, broadcast: [classes]. */
  posWeight?: Tensor | null;
}

/** Binary cross entropy of logits and targets in [0, 1]. */
export class BCEWithLogitsLoss extends Loss {
  readonly weight: Tensor | null;
  readonly posWeight: Tensor | null;

  constructor(options: BCEWithLogitsLossOptions = {}) {
    super(options, ["weight", "posWeight"]);
    this.weight = this.weightOf("weight", options.weight);
    this.posWeight = this.weightOf("pos_weight", options.posWeight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return ops.binaryCrossEntropyWithLogits(input, target, this.weight, this.posWeight, this.reduction);
  }
}

/** Settings of NLLLoss. */
export interface NLLLossOptions extends LossOptions {
  /** Factor of each class, by which the mean is divided: [classes]. */
  weight?: Tensor | null;
  /** A class that counts nothing. Default −100. */
  ignoreIndex?: number;
}

/** −input at int64 classes [n, ...], of log-probabilities [n, classes, ...]. */
export class NLLLoss extends Loss {
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;

  constructor(options: NLLLossOptions = {}) {
    super(options, ["weight", "ignoreIndex"]);
    this.weight = this.weightOf("weight", options.weight);
    this.ignoreIndex = options.ignoreIndex ?? -100;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return ops.nllLoss(input, target, this.weight, this.reduction, this.ignoreIndex);
  }
}

/** Settings of CrossEntropyLoss. */
export interface CrossEntropyLossOptions extends NLLLossOptions {
  /** Share of the target that is spread over all classes. Default 0. */
  labelSmoothing?: number;
}

/** −log softmax of logits [n, classes, ...] at int64 classes [n, ...], or against probabilities of the logits' shape. */
export class CrossEntropyLoss extends Loss {
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(options: CrossEntropyLossOptions = {}) {
    super(options, ["weight", "ignoreIndex", "labelSmoothing"]);
    this.weight = this.weightOf("weight", options.weight);
    this.ignoreIndex = options.ignoreIndex ?? -100;
    this.labelSmoothing = options.labelSmoothing ?? 0;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction, ignoreIndex, labelSmoothing } = this;
    return ops.crossEntropy(input, target, weight, reduction, ignoreIndex, labelSmoothing);
  }
}

/** Settings of KLDivLoss. */
export interface KLDivLossOptions {
  /** As of other losses, or the sum divided by the number of items, as the formula has it: batchmean. Default mean. */
  reduction?: Reduction | "batchmean";
  /** Whether targets are log-probabilities, too. Default false. */
  logTarget?: boolean;
}

/** target · (log target − input) of log-probabilities `input` and probabilities `target`, [n, ...]. */
export class KLDivLoss extends Loss {
  readonly logTarget: boolean;
  readonly #perItem: boolean;

  constructor({ reduction = "mean", ...options }: KLDivLossOptions = {}) {
    const perItem = reduction === "batchmean";
    super({ reduction: perItem ? "sum" : reduction, ...options }, ["logTarget"]);
    this.#perItem = perItem;
    this.logTarget = options.logTarget ?? false;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const loss = ops.klDiv(input, target, this.reduction, { log_target: this.logTarget });
    return this.#perItem ? ops.div(loss, input.size(0)) : loss;
  }
}
