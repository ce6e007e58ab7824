// The calls of golden/pytorch/make.py in TypeScript, by the same names.
import { nn, ops, type Tensor } from "@duchenne/torch";

/** A module if there is one, and what is done with it and the golden file's inputs. */
export interface Case {
  module?: () => nn.AnyModule;
  /** @param x the inputs   @returns the outputs, in lists of any depth */
  call: (x: Tensor[], module: never) => unknown;
}

/** A module called with all inputs in order. */
const of = (module: () => nn.AnyModule): Case => ({
  module,
  call: (x, made: nn.Module<Tensor[], unknown>) => made.call(...x),
});

const withState = (module: () => nn.LSTM): Case => ({
  module,
  call: ([x, h, c], lstm: nn.LSTM) => lstm.call(x!, [h!, c!]),
});

const attends = (
  module: () => nn.MultiheadAttention,
  call: (x: Tensor[], a: nn.MultiheadAttention) => unknown,
) => ({
  module,
  call,
});

const f = (call: (...x: Tensor[]) => unknown): Case => ({ call: (x) => call(...x) });

const twoLayers = { numLayers: 2, bidirectional: true, batchFirst: true };
const crossEntropyWeight = () => ops.ones([4], { dtype: "float64" });

export const cases: Readonly<Record<string, Case>> = {
  Conv1d: of(() => new nn.Conv1d(4, 6, 3, { stride: 2, padding: 1, dilation: 2, groups: 2 })),
  Conv3d: of(() => new nn.Conv3d(2, 3, [2, 3, 1], { stride: [1, 2, 1], padding: [1, 0, 0] })),
  ConvTranspose2d: of(
    () =>
      new nn.ConvTranspose2d(4, 6, [3, 2], {
        stride: 2,
        padding: 1,
        outputPadding: [1, 0],
        groups: 2,
        dilation: [1, 2],
      }),
  ),
  "ConvTranspose2d without bias": of(() => new nn.ConvTranspose2d(2, 3, 2, { stride: 2, bias: false })),
  LayerNorm: of(() => new nn.LayerNorm([3, 4])),
  "LayerNorm of one size": of(() => new nn.LayerNorm(4, { eps: 0.1 })),
  "LayerNorm without weights": of(() => new nn.LayerNorm(4, { elementwiseAffine: false })),
  GroupNorm: of(() => new nn.GroupNorm(2, 4)),
  "GroupNorm without weights": of(() => new nn.GroupNorm(1, 4, { affine: false })),
  Embedding: of(() => new nn.Embedding(5, 3, { paddingIdx: -4 })),
  Flatten: of(() => new nn.Flatten()),
  Identity: of(() => new nn.Identity()),
  Softmax: of(() => new nn.Softmax(1)),
  LogSoftmax: of(() => new nn.LogSoftmax(-1)),
  "Upsample nearest": of(() => new nn.Upsample({ scaleFactor: 2 })),
  "Upsample bilinear": of(() => new nn.Upsample({ scaleFactor: [1.5, 2], mode: "bilinear" })),
  "Upsample trilinear": of(() => new nn.Upsample({ size: [3, 4, 2], mode: "trilinear", alignCorners: true })),
  LSTM: of(() => new nn.LSTM(2, 3)),
  "LSTM of two layers, both ways, batch first": withState(() => new nn.LSTM(2, 3, twoLayers)),
  "LSTM without batch and bias": withState(() => new nn.LSTM(2, 3, { bias: false })),
  GRU: of(() => new nn.GRU(2, 3)),
  "GRU of two layers, both ways, batch first": of(() => new nn.GRU(2, 3, twoLayers)),
  "GRU without batch and bias": of(() => new nn.GRU(2, 3, { bias: false, bidirectional: true })),
  "MultiheadAttention of one input": attends(
    () => new nn.MultiheadAttention(4, 2),
    ([q], a) => a.call(q!, q!, q!),
  ),
  MultiheadAttention: of(() => new nn.MultiheadAttention(4, 2, { batchFirst: true })),
  "MultiheadAttention of other sizes, without bias": of(
    () => new nn.MultiheadAttention(4, 2, { kdim: 3, vdim: 5, bias: false }),
  ),
  "MultiheadAttention without batch": of(() => new nn.MultiheadAttention(4, 1)),
  "MultiheadAttention with padding": attends(
    () => new nn.MultiheadAttention(4, 2, { batchFirst: true }),
    ([q, keyPaddingMask], a) =>
      a.call(q!, q!, q!, { keyPaddingMask: keyPaddingMask!, averageAttnWeights: false }),
  ),
  "MultiheadAttention with a causal mask": attends(
    () => new nn.MultiheadAttention(4, 2),
    ([q, attnMask], a) => a.call(q!, q!, q!, { attnMask: attnMask!, needWeights: false }),
  ),
  "MultiheadAttention with an added mask": attends(
    () => new nn.MultiheadAttention(4, 2),
    ([q, attnMask], a) => a.call(q!, q!, q!, { attnMask: attnMask! }),
  ),
  "MultiheadAttention with a mask of each head": attends(
    () => new nn.MultiheadAttention(4, 2),
    ([q, attnMask], a) => a.call(q!, q!, q!, { attnMask: attnMask! }),
  ),
  L1Loss: of(() => new nn.L1Loss()),
  "L1Loss sum": of(() => new nn.L1Loss({ reduction: "sum" })),
  "MSELoss none": of(() => new nn.MSELoss({ reduction: "none" })),
  SmoothL1Loss: of(() => new nn.SmoothL1Loss({ beta: 0.3 })),
  HuberLoss: of(() => new nn.HuberLoss({ delta: 0.3 })),
  BCELoss: of(() => new nn.BCELoss()),
  BCEWithLogitsLoss: of(() => new nn.BCEWithLogitsLoss({ posWeight: ops.ones([3], { dtype: "float64" }) })),
  NLLLoss: of(() => new nn.NLLLoss()),
  "NLLLoss of pixels": of(() => new nn.NLLLoss({ ignoreIndex: 1 })),
  CrossEntropyLoss: of(
    () => new nn.CrossEntropyLoss({ weight: crossEntropyWeight(), labelSmoothing: 0.1, ignoreIndex: 0 }),
  ),
  "CrossEntropyLoss of probabilities": of(() => new nn.CrossEntropyLoss()),
  KLDivLoss: of(() => new nn.KLDivLoss({ reduction: "batchmean" })),
  "KLDivLoss of logarithms": of(() => new nn.KLDivLoss({ reduction: "sum", logTarget: true })),
  CosineSimilarity: of(() => new nn.CosineSimilarity({ dim: -1 })),
  CosineEmbeddingLoss: of(() => new nn.CosineEmbeddingLoss({ margin: 0.2 })),
  TripletMarginLoss: of(() => new nn.TripletMarginLoss({ margin: 2, swap: true })),
  prod: f((a) => [a.prod(), a.prod(1)]),
  outer: f((a, b) => a.outer(b)),
  masked_select: f((a) => a.maskedSelect(a.gt(0))),
  layer_norm: f((a, w, b) => ops.layerNorm(a, [4], w, b, 0.01)),
  embedding: f((i, w) => ops.embedding(w, i)),
  normalize: f((a) => [ops.normalize(a), ops.normalize(a, { p: 1, dim: 0 })]),
  l1_loss: f((a, b) => ops.l1Loss(a, b, "sum")),
  smooth_l1_loss: f((a, b) => ops.smoothL1Loss(a, b, "mean", 0.4)),
  binary_cross_entropy_with_logits: f((a, t, w, p) =>
    ops.binaryCrossEntropyWithLogits(a, t, w.detach(), p.detach()),
  ),
  nll_loss: f((a, t, w) => ops.nllLoss(a, t, w.detach())),
  kl_div: f((a, b) => ops.klDiv(a, b, "sum")),
  cosine_similarity: f((a, b) => ops.cosineSimilarity(a, b, 1)),
  scaled_dot_product_attention: f((q, k, v) => ops.scaledDotProductAttention(q, k, v)),
  "scaled_dot_product_attention, causal": f((q, k, v) =>
    ops.scaledDotProductAttention(q, k, v, { isCausal: true }),
  ),
  "scaled_dot_product_attention, bool mask": f((q, k, v, attnMask) =>
    ops.scaledDotProductAttention(q, k, v, { attnMask }),
  ),
  "scaled_dot_product_attention, added mask": f((q, k, v, attnMask) =>
    ops.scaledDotProductAttention(q, k, v, { attnMask }),
  ),
  "interpolate linear": f((a) => ops.interpolate(a, { scaleFactor: 1.7, mode: "linear" })),
  "interpolate bilinear": f((a) =>
    ops.interpolate(a, { size: [5, 3], mode: "bilinear", alignCorners: true }),
  ),
  "interpolate bicubic": f((a) => ops.interpolate(a, { scaleFactor: [2, 1.3], mode: "bicubic" })),
  "interpolate antialias": f((a) => ops.interpolate(a, { size: 4, mode: "bilinear", antialias: true })),
  "interpolate nearest of volumes": f((a) => ops.interpolate(a, { scaleFactor: 1.5 })),
  where: f((a, b) => ops.where(a.gt(0), a, b)),
  gather: f((a, i) => a.gather(1, i)),
  topk: f((a) => {
    const { values, indices } = a.topk(2, -1, false);
    return [values, indices];
  }),
  sort: f((a) => {
    const { values, indices } = a.sort(-1, true);
    return [values, indices];
  }),
  "cat and stack": f((a, b) => [ops.cat([a, b], 1), ops.stack([a, b], -1)]),
  "mm and bmm": f((a, b) => [a.mm(b), a.unsqueeze(0).bmm(b.unsqueeze(0))]),
};
