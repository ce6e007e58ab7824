// The operators in use, one line each: schema and TypeScript signature at once (schema.ts). Anything else libtorch
// registers is a `dispatch("aten::name.overload", values)` away.
import { operator } from "./operator.ts";

// Creation
export const empty = operator("aten::empty.memory_format(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
export const full = operator("aten::full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const zeros = operator("aten::zeros(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const ones = operator("aten::ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const eye = operator("aten::eye(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const arange = operator("aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const linspace = operator("aten::linspace(Scalar start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const rand = operator("aten::rand.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const randn = operator("aten::randn.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const randint = operator("aten::randint.low_generator(SymInt low, SymInt high, SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const randperm = operator("aten::randperm.generator(SymInt n, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
export const zerosLike = operator("aten::zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
export const onesLike = operator("aten::ones_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
export const fullLike = operator("aten::full_like(Tensor self, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
export const emptyLike = operator("aten::empty_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");

// Arithmetic
export const add = operator("aten::add.Tensor|Scalar(Tensor self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor");
export const add_ = operator("aten::add_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor(a!)");
export const sub = operator("aten::sub.Tensor|Scalar(Tensor self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor");
export const sub_ = operator("aten::sub_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor(a!)");
export const rsub = operator("aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor");
export const mul = operator("aten::mul.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const mul_ = operator("aten::mul_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)");
export const div = operator("aten::div.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const div_ = operator("aten::div_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)");
export const remainder = operator("aten::remainder.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const pow = operator("aten::pow.Tensor_Tensor|Tensor_Scalar(Tensor self, Tensor|Scalar exponent) -> Tensor");
export const pow_ = operator("aten::pow_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar exponent) -> Tensor(a!)");
export const lerp = operator("aten::lerp.Tensor|Scalar(Tensor self, Tensor end, Tensor|Scalar weight) -> Tensor");
export const addcmul_ = operator("aten::addcmul_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)");
export const maximum = operator("aten::maximum(Tensor self, Tensor other) -> Tensor");
export const minimum = operator("aten::minimum(Tensor self, Tensor other) -> Tensor");
export const clamp = operator("aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor");
export const clamp_ = operator("aten::clamp_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)");
export const neg = operator("aten::neg(Tensor self) -> Tensor");
export const abs = operator("aten::abs(Tensor self) -> Tensor");
export const abs_ = operator("aten::abs_(Tensor(a!) self) -> Tensor(a!)");
export const sign = operator("aten::sign(Tensor self) -> Tensor");
export const copysign = operator("aten::copysign.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const exp = operator("aten::exp(Tensor self) -> Tensor");
export const log = operator("aten::log(Tensor self) -> Tensor");
export const sqrt = operator("aten::sqrt(Tensor self) -> Tensor");
export const rsqrt = operator("aten::rsqrt(Tensor self) -> Tensor");
export const square = operator("aten::square(Tensor self) -> Tensor");
export const reciprocal = operator("aten::reciprocal(Tensor self) -> Tensor");
export const sin = operator("aten::sin(Tensor self) -> Tensor");
export const cos = operator("aten::cos(Tensor self) -> Tensor");
export const atan2 = operator("aten::atan2(Tensor self, Tensor other) -> Tensor");
export const floor = operator("aten::floor(Tensor self) -> Tensor");
export const ceil = operator("aten::ceil(Tensor self) -> Tensor");
export const round = operator("aten::round(Tensor self) -> Tensor");
export const isnan = operator("aten::isnan(Tensor self) -> Tensor");
export const isfinite = operator("aten::isfinite(Tensor self) -> Tensor");
export const isinf = operator("aten::isinf(Tensor self) -> Tensor");

// Comparison and selection
export const eq = operator("aten::eq.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const ne = operator("aten::ne.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const lt = operator("aten::lt.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const le = operator("aten::le.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const gt = operator("aten::gt.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const ge = operator("aten::ge.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
export const logicalAnd = operator("aten::logical_and(Tensor self, Tensor other) -> Tensor");
export const logicalOr = operator("aten::logical_or(Tensor self, Tensor other) -> Tensor");
export const logicalNot = operator("aten::logical_not(Tensor self) -> Tensor");
export const where = operator("aten::where.self|ScalarOther|ScalarSelf|Scalar(Tensor condition, Tensor|Tensor|Scalar|Scalar self, Tensor|Scalar|Tensor|Scalar other) -> Tensor");
export const maskedFill = operator("aten::masked_fill.Scalar|Tensor(Tensor self, Tensor mask, Scalar|Tensor value) -> Tensor");
export const maskedFill_ = operator("aten::masked_fill_.Scalar|Tensor(Tensor(a!) self, Tensor mask, Scalar|Tensor value) -> Tensor(a!)");
export const maskedSelect = operator("aten::masked_select(Tensor self, Tensor mask) -> Tensor");
export const nonzero = operator("aten::nonzero(Tensor self) -> Tensor");
export const equal = operator("aten::equal(Tensor self, Tensor other) -> bool");
export const allclose = operator("aten::allclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> bool");

// Reductions
export const sum = operator("aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor", "aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
export const mean = operator("aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor", "aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
export const prod = operator("aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor", "aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
export const variance = operator("aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor");
export const std = operator("aten::std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor");
export const amax = operator("aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor");
export const amin = operator("aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor");
export const argmax = operator("aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor");
export const argmin = operator("aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor");
export const max = operator("aten::max(Tensor self) -> Tensor", "aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)");
export const min = operator("aten::min(Tensor self) -> Tensor", "aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)");
export const norm = operator("aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor");
export const logsumexp = operator("aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor");
export const cumsum = operator("aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor");
export const all = operator("aten::all(Tensor self) -> Tensor", "aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor");
export const any = operator("aten::any(Tensor self) -> Tensor", "aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor");
export const topk = operator("aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)");
export const sort = operator("aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)");
export const argsort = operator("aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor");
export const unique2 = operator("aten::_unique2(Tensor self, bool sorted=True, bool return_inverse=False, bool return_counts=False) -> (Tensor, Tensor, Tensor)");

// Linear algebra
export const matmul = operator("aten::matmul(Tensor self, Tensor other) -> Tensor");
export const mm = operator("aten::mm(Tensor self, Tensor mat2) -> Tensor");
export const outer = operator("aten::outer(Tensor self, Tensor vec2) -> Tensor");
export const linear = operator("aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor");
export const bmm = operator("aten::bmm(Tensor self, Tensor mat2) -> Tensor");
export const einsum = operator("aten::einsum(str equation, Tensor[] tensors) -> Tensor");
export const eigvalsh = operator('aten::linalg_eigvalsh(Tensor self, str UPLO="L") -> Tensor');
export const svdvals = operator("aten::linalg_svdvals(Tensor A) -> Tensor");

// Shape
export const view = operator("aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)");
export const reshape = operator("aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)");
export const flatten = operator("aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)");
export const permute = operator("aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)");
export const transpose = operator("aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)");
export const t = operator("aten::t(Tensor(a) self) -> Tensor(a)");
export const squeeze = operator("aten::squeeze(Tensor(a) self) -> Tensor(a)", "aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)");
export const unsqueeze = operator("aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)");
export const expand = operator("aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)");
export const repeat = operator("aten::repeat(Tensor self, SymInt[] repeats) -> Tensor");
export const cat = operator("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
export const stack = operator("aten::stack(Tensor[] tensors, int dim=0) -> Tensor");
export const split = operator("aten::split.Tensor(Tensor(a) self, SymInt split_size, int dim=0) -> Tensor[]");
export const chunk = operator("aten::chunk(Tensor(a) self, int chunks, int dim=0) -> Tensor[]");
export const unbind = operator("aten::unbind.int(Tensor(a) self, int dim=0) -> Tensor[]");
export const flip = operator("aten::flip(Tensor self, int[] dims) -> Tensor");
export const roll = operator("aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor");
export const tril = operator("aten::tril(Tensor self, int diagonal=0) -> Tensor");
export const triu = operator("aten::triu(Tensor self, int diagonal=0) -> Tensor");
export const diagonal = operator("aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)");

// Indexing
export const select = operator("aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)");
export const slice = operator("aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)");
export const narrow = operator("aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)");
export const unfold = operator("aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)");
export const indexSelect = operator("aten::index_select(Tensor self, int dim, Tensor index) -> Tensor");
export const index = operator("aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor");
export const indexPut_ = operator("aten::index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)");
export const gather = operator("aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor");
export const scatter = operator("aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor");
export const takeAlongDim = operator("aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor");
export const oneHot = operator("aten::one_hot(Tensor self, int num_classes=-1) -> Tensor");
export const bincount = operator("aten::bincount(Tensor self, Tensor? weights=None, int minlength=0) -> Tensor");

// Copies and conversions
export const copy_ = operator("aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)");
export const clone = operator("aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor");
export const contiguous = operator("aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=contiguous_format) -> Tensor(a)");
export const alias = operator("aten::alias(Tensor(a) self) -> Tensor(a)");
export const detach = operator("aten::detach(Tensor(a) self) -> Tensor(a)");
export const to = operator("aten::to.dtype_layout(Tensor(a) self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)");
export const zero_ = operator("aten::zero_(Tensor(a!) self) -> Tensor(a!)");
export const fill_ = operator("aten::fill_.Scalar|Tensor(Tensor(a!) self, Scalar|Tensor value) -> Tensor(a!)");
export const setData = operator("aten::set_data(Tensor(a!) self, Tensor new_data) -> ()");
export const item = operator("aten::item(Tensor self) -> Scalar");

// oneDNN's layout of tensors on the CPU, "mkldnn": channels in blocks that fill a vector register
export const toMkldnn = operator("aten::to_mkldnn(Tensor self, ScalarType? dtype=None) -> Tensor");
export const toDense = operator("aten::to_dense(Tensor self, ScalarType? dtype=None) -> Tensor");
export const mkldnnReorderConv2dWeight = operator("aten::mkldnn_reorder_conv2d_weight(Tensor self, SymInt[2] padding=0, SymInt[2] stride=1, SymInt[2] dilation=1, SymInt groups=1) -> Tensor");

// Autograd
export const requiresGrad_ = operator("aten::requires_grad_(Tensor(a!) self, bool requires_grad=True) -> Tensor(a!)");
export const backward = operator("aten::_backward(Tensor self, Tensor[] inputs, Tensor? gradient=None, bool? retain_graph=None, bool create_graph=False) -> ()");

// Random fills
export const normal_ = operator("aten::normal_(Tensor(a!) self, float mean=0, float std=1, *, Generator? generator=None) -> Tensor(a!)");
export const uniform_ = operator("aten::uniform_(Tensor(a!) self, float from=0, float to=1, *, Generator? generator=None) -> Tensor(a!)");
export const bernoulli_ = operator("aten::bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!)");

// Networks
export const conv2d = operator("aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2] dilation=1, SymInt groups=1) -> Tensor");
export const batchNorm = operator("aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor");
export const layerNorm = operator("aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1e-05, bool cudnn_enable=True) -> Tensor");
export const embedding = operator("aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor");
export const maxPool2d = operator("aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> Tensor");
export const avgPool2d = operator("aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor");
export const adaptiveAvgPool2d = operator("aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor");
export const relu = operator("aten::relu(Tensor self) -> Tensor");
export const relu_ = operator("aten::relu_(Tensor(a!) self) -> Tensor(a!)");
export const leakyRelu = operator("aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor");
export const gelu = operator('aten::gelu(Tensor self, *, str approximate="none") -> Tensor');
export const silu = operator("aten::silu(Tensor self) -> Tensor");
export const sigmoid = operator("aten::sigmoid(Tensor self) -> Tensor");
export const tanh = operator("aten::tanh(Tensor self) -> Tensor");
export const softmax = operator("aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor");
export const logSoftmax = operator("aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor");
export const dropout = operator("aten::dropout(Tensor input, float p, bool train) -> Tensor");
export const crossEntropy = operator("aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100, float label_smoothing=0) -> Tensor");
export const mseLoss = operator("aten::mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor");
export const l1Loss = operator("aten::l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor");
export const smoothL1Loss = operator("aten::smooth_l1_loss(Tensor self, Tensor target, int reduction=1, float beta=1) -> Tensor");
export const binaryCrossEntropyWithLogits = operator("aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int reduction=1) -> Tensor");
export const nllLoss = operator("aten::nll_loss_nd(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100) -> Tensor");
export const klDiv = operator("aten::kl_div(Tensor self, Tensor target, int reduction=1, *, bool log_target=False) -> Tensor");
export const cosineSimilarity = operator("aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor");
export const gridSample = operator("aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor");
export const interpolateBilinear = operator("aten::upsample_bilinear2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor");
export const interpolateNearest = operator("aten::upsample_nearest2d(Tensor self, SymInt[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor");
export const interpolateBicubic = operator("aten::upsample_bicubic2d(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor");
export const interpolateBilinearAntialias = operator("aten::_upsample_bilinear2d_aa(Tensor self, SymInt[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor");
export const pad = operator("aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor");
export const reflectionPad2d = operator("aten::reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor");

// Many tensors in one call, for optimisers
export const foreachAdd_ = operator("aten::_foreach_add_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()");
export const foreachMul_ = operator("aten::_foreach_mul_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()");
export const foreachAddcmul_ = operator("aten::_foreach_addcmul_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()");
export const foreachAddcdiv_ = operator("aten::_foreach_addcdiv_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()");
export const foreachSqrt = operator("aten::_foreach_sqrt(Tensor[] self) -> Tensor[]");
export const foreachDiv_ = operator("aten::_foreach_div_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()");
export const foreachAddScalar_ = operator("aten::_foreach_add_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()");
export const foreachAdd = operator("aten::_foreach_add.List(Tensor[] self, Tensor[] other, *, Scalar alpha=1) -> Tensor[]");
export const foreachNorm = operator("aten::_foreach_norm.Scalar(Tensor[] self, Scalar ord=2) -> Tensor[]");
export const fusedAdam_ = operator(
  "aten::_fused_adam_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, float lr, float beta1, float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()",
);
