// The operators that networks are made of, one line each, as operators.ts has the others.
import { operator } from "./operator.ts";

// Layers
/** Cross-correlation of sequences: [n, in, l] by weight [out, in / groups, k] to [n, out, l']. */
export const conv1d = operator("aten::conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] padding=0, SymInt[1] dilation=1, SymInt groups=1) -> Tensor");
/** Cross-correlation: [n, in, h, w] by weight [out, in / groups, kh, kw] to [n, out, h', w']. */
export const conv2d = operator("aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2] dilation=1, SymInt groups=1) -> Tensor");
/** `conv2d` of volumes: [n, in, d, h, w] by weight [out, in / groups, kd, kh, kw]. */
export const conv3d = operator("aten::conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] padding=0, SymInt[3] dilation=1, SymInt groups=1) -> Tensor");
/** The transpose of `conv2d`, which is its gradient by its input: [n, in, h, w] by weight [in, out / groups, kh, kw] to [n, out, h', w']. */
export const convTranspose2d = operator("aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2] output_padding=0, SymInt groups=1, SymInt[2] dilation=1) -> Tensor");
/** Each channel of [n, channels, ...] normalised, by the batch's statistics in training, else by the running ones. */
export const batchNorm = operator("aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor");
/** The last dimensions, of normalized_shape, normalised, times weight plus bias. */
export const layerNorm = operator("aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool cudnn_enable=True) -> Tensor");
/** Channels of [n, channels, ...] normalised in num_groups groups, each over its channels and all places, times weight plus bias. */
export const groupNorm = operator("aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool cudnn_enabled=True) -> Tensor");
/** Rows of weight [n, dim] by int64 indices [...]: [..., dim]. */
export const embedding = operator("aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor");
/** Layers of LSTM cells over [length, n, features], or batch_first: output, last hidden and last cell states. `nn.LSTM` says how params are ordered. */
export const lstm = operator("aten::lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor, Tensor)");
/** Layers of GRU cells over [length, n, features], or batch_first: output and last hidden states. */
export const gru = operator("aten::gru.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)");
/** The largest element of each window: [n, c, h, w] to [n, c, h', w']. */
export const maxPool2d = operator("aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> Tensor");
/** The mean of each window: [n, c, h, w] to [n, c, h', w']. */
export const avgPool2d = operator("aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor");
/** Means over windows chosen so that the output is [n, c, ...output_size]. */
export const adaptiveAvgPool2d = operator("aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor");
/** In training elements become 0 with probability p, the others are divided by 1 − p. */
export const dropout = operator("aten::dropout(Tensor input, float p, bool train) -> Tensor");

// Activations
/** max(self, 0). */
export const relu = operator("aten::relu(Tensor self) -> Tensor");
/** self ← max(self, 0). */
export const relu_ = operator("aten::relu_(Tensor(a!) self) -> Tensor(a!)");
/** self where positive, else negative_slope · self. */
export const leakyRelu = operator("aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor");
/** self · Φ(self), or its approximation by tanh. */
export const gelu = operator('aten::gelu(Tensor self, *, str approximate="none") -> Tensor');
/** self · σ(self). */
export const silu = operator("aten::silu(Tensor self) -> Tensor");
/** 1 / (1 + e^−self). */
export const sigmoid = operator("aten::sigmoid(Tensor self) -> Tensor");
/** Hyperbolic tangent. */
export const tanh = operator("aten::tanh(Tensor self) -> Tensor");
/** exp(self) / Σ exp(self) along a dimension. */
export const softmax = operator("aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor");
/** Logarithm of `softmax`, without overflow. */
export const logSoftmax = operator("aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor");

// Losses and similarities; `reduction` is "none", "mean" or "sum"
/** −log softmax of logits [n, classes, ...] at int64 classes [n, ...], or against probabilities of the logits' shape. */
export const crossEntropy = operator("aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100, float label_smoothing=0) -> Tensor");
/** (self − target)². */
export const mseLoss = operator("aten::mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor");
/** |self − target|. */
export const l1Loss = operator("aten::l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor");
/** ½ d² / beta for |d| < beta, else |d| − ½ beta, d = self − target. */
export const smoothL1Loss = operator("aten::smooth_l1_loss(Tensor self, Tensor target, int reduction=1, float beta=1) -> Tensor");
/** ½ d² for |d| < delta, else delta · (|d| − ½ delta), d = self − target. */
export const huberLoss = operator("aten::huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.) -> Tensor");
/** −t log self − (1 − t) log(1 − self) of probabilities self and targets t in [0, 1]; logarithms at least −100. */
export const binaryCrossEntropy = operator("aten::binary_cross_entropy(Tensor self, Tensor target, Tensor? weight=None, int reduction=1) -> Tensor");
/** −t log σ(self) − (1 − t) log(1 − σ(self)) of targets t in [0, 1]. */
export const binaryCrossEntropyWithLogits = operator("aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int reduction=1) -> Tensor");
/** −self at int64 classes, of log-probabilities [n, classes, ...]. */
export const nllLoss = operator("aten::nll_loss_nd(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100) -> Tensor");
/** target · (log target − self), self being log-probabilities; mean is over elements. */
export const klDiv = operator("aten::kl_div(Tensor self, Tensor target, int reduction=1, *, bool log_target=False) -> Tensor");
/** x1 · x2 / (‖x1‖ ‖x2‖) along a dimension, broadcast. */
export const cosineSimilarity = operator("aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor");
/** 1 − cos(input1, input2) where target [n] is 1, max(0, cos − margin) where it is −1; rows of [n, dim]. */
export const cosineEmbeddingLoss = operator("aten::cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0., int reduction=1) -> Tensor");
/** max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin), of vectors along the last dimension. */
export const tripletMarginLoss = operator("aten::triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1., float p=2, float eps=1e-06, bool swap=False, int reduction=1) -> Tensor");

// Sampling, resizing and padding of images, sequences and volumes
/** Images [n, c, h, w] read at places [n, h', w', 2] in [−1, 1]; modes are numbers: 0 bilinear, 1 nearest; padding 0 zeros, 1 border, 2 reflection. */
export const gridSample = operator("aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor");
/** [n, c, h, w] to [n, c, ...output_size]; see `interpolate`. */
export const interpolateBilinear = operator("aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor");
/** [n, c, h, w] to [n, c, ...output_size]; see `interpolate`. */
export const interpolateNearest = operator("aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor");
/** [n, c, h, w] to [n, c, ...output_size]; see `interpolate`. */
export const interpolateBicubic = operator("aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor");
/** [n, c, h, w] to [n, c, ...output_size], averaged when shrinking; see `interpolate`. */
export const interpolateBilinearAntialias = operator("aten::_upsample_bilinear2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor");
/** [n, c, l] to output_size, or by scale_factors if that is null; see `interpolate`. */
export const upsampleNearest1d = operator("aten::upsample_nearest1d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor");
/** [n, c, h, w] to output_size, or by scale_factors if that is null; see `interpolate`. */
export const upsampleNearest2d = operator("aten::upsample_nearest2d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor");
/** [n, c, d, h, w] to output_size, or by scale_factors if that is null; see `interpolate`. */
export const upsampleNearest3d = operator("aten::upsample_nearest3d.vec(Tensor input, SymInt[]? output_size, float[]? scale_factors) -> Tensor");
/** [n, c, l] to output_size, or by scale_factors if that is null; see `interpolate`. */
export const upsampleLinear1d = operator("aten::upsample_linear1d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** [n, c, h, w] to output_size, or by scale_factors if that is null; see `interpolate`. */
export const upsampleBilinear2d = operator("aten::upsample_bilinear2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** [n, c, d, h, w] to output_size, or by scale_factors if that is null; see `interpolate`. */
export const upsampleTrilinear3d = operator("aten::upsample_trilinear3d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** [n, c, h, w] to output_size, or by scale_factors if that is null; see `interpolate`. */
export const upsampleBicubic2d = operator("aten::upsample_bicubic2d.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** [n, c, h, w] to output_size, or by scale_factors if that is null; see `interpolate`. */
export const upsampleBilinear2dAntialias = operator("aten::_upsample_bilinear2d_aa.vec(Tensor input, SymInt[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor");
/** A constant around the last dimensions: [before, after] of the last, of the one before, …. */
export const pad = operator("aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor");
/** Mirrored pixels around images: [left, right, top, bottom]. */
export const reflectionPad2d = operator("aten::reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor");
