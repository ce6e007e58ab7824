import { distributed, nn, noGrad, ops, scope, type Tensor } from "@duchenne/torch";
import type { Method, Rows } from "../methods/method.ts";
import { type BatchShape, type BatchShare, shapeOfShare } from "../sampling/batch.ts";
import type { ViewBatch } from "../views/viewBatch.ts";

/** What a batch gave, besides the gradients that its backward pass left in the network's parameters. */
export interface BatchGradient {
  /** Scalar, detached. */
  readonly loss: Tensor;
  /** Of the method's loss, for the log. */
  readonly figures: Readonly<Record<string, Tensor>>;
  /** [n, dim] of the query rows, detached, of all processes: for the figures of collapse. */
  readonly embeddings: Tensor;
  /** [n, dim] of the target rows; what `afterStep` takes. */
  readonly targets: Tensor | undefined;
}

/** Wraps the networks' forward passes: autocast, or nothing. The loss stays in float32. */
export type ForwardContext = (forward: () => Tensor) => Tensor;

/**
 * Adds the gradient of a batch's loss to the network's parameters.
 *
 * With micro-batches memory holds the activations of so many images only. Embeddings are first computed in parts without a
 * graph, the loss and its gradient by the embeddings follow from all of them together, and then each part is computed again
 * and that gradient sent back through it: the exact gradient of the whole batch, for one more forward pass (Gao et al. 2021,
 * arXiv:2101.06983). BatchNorm in training mode normalises each micro-batch by its own statistics, as a GPU of several does
 * without synchronisation; so there, and only there, the result differs from the whole batch's. Its running statistics move
 * once per micro-batch, in the second pass.
 *
 * Of several processes each shows its network the rows of its share. Embeddings and targets are gathered, detached; each process
 * computes the loss of the whole batch and sends the gradient of its own rows back. The gradients in the parameters are then parts of
 * a sum: `sumGradients` makes them the whole batch's.
 * @param views the batch, on the network's device
 * @param microBatch images per forward pass, split evenly; null for all at once
 */
export function contrastiveBackward(
  method: Method,
  views: ViewBatch,
  microBatch: number | null,
  context: ForwardContext = (forward) => forward(),
): BatchGradient {
  const encode: Encode = (images) => inFullPrecision(context(() => method.encode(images)));
  const { share } = views;
  const shape = share ? shapeOfShare(views, share) : views;
  return scope(() => {
    const ownTargets = targetsOf(method, views.images, shape, microBatch, context);
    const targets = ownTargets && (share ? gathered(ownTargets, shape, share) : ownTargets);
    const images = method.queryRows ? rowsOf(views.images, method.queryRows(shape)) : views.images;
    const parts = microBatch === null ? [images] : split(images, microBatch);
    const own = parts.length === 1 ? encode(images) : cachedEmbeddings(method, parts, encode);
    const embeddings = share ? gathered(own, shape, share).requiresGrad_() : own;
    const { loss, figures } = method.loss(embeddings, targets, views);
    loss.backward();
    if (share) shareOut(method.network, share);
    if (share || parts.length > 1) {
      const gradient = share ? ownRows(embeddings.grad!, shape, share) : embeddings.grad!;
      if (parts.length > 1) backwardInParts(parts, gradient, encode);
      else own.backward(gradient);
    }
    const { embeddingSize: size } = method;
    const embedding = size === undefined ? embeddings : ops.narrow(embeddings, 1, 0, size);
    return { loss: loss.detach(), figures, embeddings: embedding.detach(), targets };
  });
}

/**
 * Sums the processes' parts of the gradient, in place: afterwards each process has the gradient of the whole batch.
 * @param parameters tensors of any shape, in the same order on every process; those without a gradient are left out
 * @throws ProcessGroupError without a process group, or if another process ends
 */
export function sumGradients(parameters: readonly Tensor[]): void {
  scope(() => distributed.sumInBuckets(parameters.flatMap((parameter) => parameter.grad ?? [])));
}

/**
 * Every process's rows, in the order of the whole batch.
 * @param own [blocks · clips, dim] of a share   @returns [blocks · clips of all, dim], detached
 */
function gathered(own: Tensor, { clips }: BatchShape, { worldSize }: BatchShare): Tensor {
  const [rows, dim] = own.shape as [number, number];
  return noGrad(() =>
    distributed
      .allGather(own)
      .reshape(worldSize, rows / clips, clips, dim)
      .permute(1, 0, 2, 3)
      .reshape(worldSize * rows, dim)
      .contiguous(),
  );
}

/** The rows of a share, of all rows. @param all [blocks · clips of all, dim]   @returns [blocks · clips, dim] */
function ownRows(all: Tensor, { clips }: BatchShape, { rank, worldSize }: BatchShare): Tensor {
  const [rows, dim] = all.shape as [number, number];
  const blocks = all.reshape(rows / (clips * worldSize), worldSize, clips, dim);
  return noGrad(() =>
    ops
      .select(blocks, 1, rank)
      .reshape(rows / worldSize, dim)
      .contiguous(),
  );
}

/** Parameters that the loss itself uses have the whole gradient in every process: it is to be summed once. */
function shareOut(network: nn.AnyModule, { worldSize }: BatchShare): void {
  noGrad(() => {
    for (const { grad } of network.parameters()) grad?.div_(worldSize);
  });
}

type Encode = (images: Tensor) => Tensor;

function targetsOf(
  method: Method,
  all: Tensor,
  shape: BatchShape,
  microBatch: number | null,
  context: ForwardContext,
): Tensor | undefined {
  if (!method.target || !method.targetRows) return undefined;
  const images = rowsOf(all, method.targetRows(shape));
  const parts = microBatch === null ? [images] : split(images, microBatch);
  return noGrad(() => ops.cat(parts.map((part) => inFullPrecision(context(() => method.target!(part))))));
}

function inFullPrecision(embeddings: Tensor): Tensor {
  return embeddings.dtype === "bfloat16" || embeddings.dtype === "float16"
    ? embeddings.to({ dtype: "float32" })
    : embeddings;
}

/** A leaf: what the loss sends back stops here, and is sent on part by part. */
function cachedEmbeddings(method: Method, parts: readonly Tensor[], encode: Encode): Tensor {
  const embeddings = keepingStatistics(method.network, () => noGrad(() => ops.cat(parts.map(encode))));
  return embeddings.requiresGrad_();
}

function backwardInParts(parts: readonly Tensor[], gradient: Tensor, encode: Encode): void {
  let row = 0;
  for (const part of parts) {
    const count = part.size(0);
    scope(() => encode(part).backward(gradient.at([row, row + count])));
    row += count;
  }
}

function rowsOf(images: Tensor, [start, end]: Rows): Tensor {
  return images.at([start, end]);
}

/** Parts of nearly the same size: a last part of one image would be too few for BatchNorm. */
function split(images: Tensor, most: number): Tensor[] {
  const rows = images.size(0);
  const count = Math.ceil(rows / most);
  const edge = (i: number) => Math.round((i * rows) / count);
  return Array.from({ length: count }, (_, i) => rowsOf(images, [edge(i), edge(i + 1)]));
}

/** Runs a forward pass and puts BatchNorm's running statistics back. */
function keepingStatistics<T>(network: nn.AnyModule, forward: () => T): T {
  const statistics = [...network.namedModules()].flatMap(([, module]) =>
    module instanceof nn.BatchNorm1d || module instanceof nn.BatchNorm2d
      ? [module.runningMean, module.runningVar, module.numBatchesTracked]
      : [],
  );
  const before = statistics.map((tensor) => tensor.clone());
  try {
    return forward();
  } finally {
    noGrad(() => {
      for (const [i, tensor] of statistics.entries()) tensor.copy_(before[i]!);
    });
  }
}
