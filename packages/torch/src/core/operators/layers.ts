// Layers of networks.
import { operator } from "../operator.ts";

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
