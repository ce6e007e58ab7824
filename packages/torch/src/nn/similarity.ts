// Similarity of vectors, and losses of it.
import { refuseUnknown } from "../core/errors.ts";
import * as ops from "../core/operators.ts";
import type { Tensor } from "../core/tensor.ts";
import { Loss, type LossOptions } from "./loss.ts";
import { Module } from "./module.ts";

/** Settings of CosineSimilarity. */
export interface CosineSimilarityOptions {
  /** Dimension along which the vectors lie. Default 1. */
  dim?: number;
  /** Smallest product of lengths that is divided by. Default 1e-8. */
  eps?: number;
}

/** x1 · x2 / (‖x1‖ ‖x2‖) along a dimension, broadcast. */
export class CosineSimilarity extends Module<[x1: Tensor, x2: Tensor], Tensor> {
  readonly dim: number;
  readonly eps: number;

  constructor(options: CosineSimilarityOptions = {}) {
    super();
    refuseUnknown("CosineSimilarity", options, ["dim", "eps"]);
    this.dim = options.dim ?? 1;
    this.eps = options.eps ?? 1e-8;
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return ops.cosineSimilarity(x1, x2, this.dim, this.eps);
  }
}

/** Settings of CosineEmbeddingLoss. */
export interface CosineEmbeddingLossOptions extends LossOptions {
  /** Cosine up to which unlike rows cost nothing. Default 0. */
  margin?: number;
}

/** 1 − cos(x1, x2) where target [n] is 1, max(0, cos − margin) where it is −1; rows of [n, dim]. */
export class CosineEmbeddingLoss extends Loss<[x1: Tensor, x2: Tensor, target: Tensor]> {
  readonly margin: number;

  constructor(options: CosineEmbeddingLossOptions = {}) {
    super(options, ["margin"]);
    this.margin = options.margin ?? 0;
  }

  override forward(x1: Tensor, x2: Tensor, target: Tensor): Tensor {
    return ops.cosineEmbeddingLoss(x1, x2, target, this.margin, this.reduction);
  }
}

/** Settings of TripletMarginLoss. */
export interface TripletMarginLossOptions extends LossOptions {
  /** How much farther than the positive the negative is to be. Default 1. */
  margin?: number;
  /** Order of the norm. Default 2. */
  p?: number;
  /** Added to every difference. Default 1e-6. */
  eps?: number;
  /** Take the positive in the anchor's place where it is nearer to the negative. Default false. */
  swap?: boolean;
}

/** max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin); rows of [n, dim]. */
export class TripletMarginLoss extends Loss<[anchor: Tensor, positive: Tensor, negative: Tensor]> {
  readonly margin: number;
  readonly p: number;
  readonly eps: number;
  readonly swap: boolean;

  constructor(options: TripletMarginLossOptions = {}) {
    super(options, ["margin", "p", "eps", "swap"]);
    this.margin = options.margin ?? 1;
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.swap = options.swap ?? false;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return ops.tripletMarginLoss(anchor, positive, negative, margin, p, eps, swap, reduction);
  }
}
