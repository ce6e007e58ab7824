import type { nn, Tensor } from "@duchenne/torch";
import type { BatchShape } from "../sampling/batch.ts";
import type { ViewBatch } from "../views/viewBatch.ts";

/** Rows [start, end) of a batch. */
export type Rows = readonly [start: number, end: number];

/** A scalar loss to differentiate, and detached scalars for the log, read only at the steps that are logged. */
export interface LossResult {
  readonly loss: Tensor;
  readonly figures: Readonly<Record<string, Tensor>>;
}

/**
 * A way to learn from views. It owns its networks and its state; the loop owns steps, optimiser and checkpoints, and knows
 * no method. The trained network sees images row by row and the loss sees embeddings only, so that the loop may compute
 * embeddings in parts (micro-batches) and still give the whole batch's gradient.
 */
export interface Method {
  /**
   * Everything a checkpoint holds, under the names it is saved by: `backbone.*` always; heads, momentum copies and queues
   * as the method has them. Parameters of momentum copies require no gradient.
   */
  readonly network: nn.AnyModule;
  /**
   * The first so many numbers of what `encode` gives are the embedding; the others are outputs of further heads, for the loss alone.
   * Default: all are.
   */
  readonly embeddingSize?: number;
  /** Which rows `encode` needs: the anchors' blocks for MoCo. Default: all of them. */
  queryRows?(batch: BatchShape): Rows;
  /** Which rows `target` needs; undefined for methods without a momentum encoder. */
  targetRows?(batch: BatchShape): Rows;
  /** The trained path. @param images [n, 3, size, size]   @returns [n, dim], rows independent but for BatchNorm */
  encode(images: Tensor): Tensor;
  /** The momentum path; called without gradient. @returns [n, dim] */
  target?(images: Tensor): Tensor;
  /**
   * The loss of a whole batch.
   * @param embeddings of `queryRows`   @param targets of `targetRows`, where the method has them
   */
  loss(embeddings: Tensor, targets: Tensor | undefined, views: ViewBatch): LossResult;
  /**
   * After the optimiser's step: momentum copies, queues.
   * @param progress share of the run done, in [0, 1]
   * @param embeddings of `queryRows`, detached, from before the step; of several processes those of all
   */
  afterStep?(targets: Tensor | undefined, views: ViewBatch, progress: number, embeddings: Tensor): void;
}
