// The operators in use, one line each: schema and TypeScript signature at once (schema.ts). Anything else libtorch
// registers is a `dispatch("aten::name.overload", values)` away. "Broadcast" is PyTorch's. All of them throw ArgumentError
// for what their schema does not take, DisposedError for a disposed tensor, and OperatorError if libtorch refuses.
import { operator } from "./operator.ts";

export * from "./networkOperators.ts";

// Creation
/** Memory as it comes, of a size [n0, n1, …]: fill it before it is read. */
export const empty = operator("aten::empty.memory_format(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
/** One value in a size; the dtype is the value's unless named. */
export const full = operator("aten::full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** Zeros of a size. */
export const zeros = operator("aten::zeros(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** Ones of a size. */
export const ones = operator("aten::ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** The identity matrix [n, n]. */
export const eye = operator("aten::eye(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** start, start + step, … below end: [n]. */
export const arange = operator("aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** `steps` values from start to end, both included: [steps]. */
export const linspace = operator("aten::linspace(Scalar start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** Uniform on [0, 1), of a size. */
export const rand = operator("aten::rand.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** Standard normal, of a size. */
export const randn = operator("aten::randn.generator(SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** Integers in [low, high), of a size. */
export const randint = operator("aten::randint.low_generator(SymInt low, SymInt high, SymInt[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** A permutation of 0 … n − 1: [n]. */
export const randperm = operator("aten::randperm.generator(SymInt n, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
/** Zeros of another tensor's shape. */
export const zerosLike = operator("aten::zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
/** Ones of another tensor's shape. */
export const onesLike = operator("aten::ones_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
/** One value in another tensor's shape. */
export const fullLike = operator("aten::full_like(Tensor self, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
/** Memory as it comes, of another tensor's shape and layout. */
export const emptyLike = operator("aten::empty_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");

// Arithmetic
/** self + alpha · other, broadcast. */
export const add = operator("aten::add.Tensor|Scalar(Tensor self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor");
/** self ← self + alpha · other, other broadcast to self. */
export const add_ = operator("aten::add_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor(a!)");
/** self − alpha · other, broadcast. */
export const sub = operator("aten::sub.Tensor|Scalar(Tensor self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor");
/** self ← self − alpha · other, other broadcast to self. */
export const sub_ = operator("aten::sub_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor(a!)");
/** other − alpha · self. */
export const rsub = operator("aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor");
/** self · other, broadcast. */
export const mul = operator("aten::mul.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** self ← self · other, other broadcast to self. */
export const mul_ = operator("aten::mul_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)");
/** self / other, broadcast; integers become float32. */
export const div = operator("aten::div.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** self ← self / other, other broadcast to self. */
export const div_ = operator("aten::div_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)");
/** self modulo other, with other's sign, broadcast. */
export const remainder = operator("aten::remainder.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** self to the power of exponent, broadcast. */
export const pow = operator("aten::pow.Tensor_Tensor|Tensor_Scalar(Tensor self, Tensor|Scalar exponent) -> Tensor");
/** self ← self to the power of exponent. */
export const pow_ = operator("aten::pow_.Tensor|Scalar(Tensor(a!) self, Tensor|Scalar exponent) -> Tensor(a!)");
/** self + weight · (end − self), broadcast. */
export const lerp = operator("aten::lerp.Tensor|Scalar(Tensor self, Tensor end, Tensor|Scalar weight) -> Tensor");
/** self ← self + value · tensor1 · tensor2, both broadcast to self. */
export const addcmul_ = operator("aten::addcmul_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)");
/** The larger of two elements, broadcast; NaN wins. */
export const maximum = operator("aten::maximum(Tensor self, Tensor other) -> Tensor");
/** The smaller of two elements, broadcast; NaN wins. */
export const minimum = operator("aten::minimum(Tensor self, Tensor other) -> Tensor");
/** Elements limited to [min, max]; null sets no limit. */
export const clamp = operator("aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor");
/** self ← self limited to [min, max]; null sets no limit. */
export const clamp_ = operator("aten::clamp_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)");
/** −self. */
export const neg = operator("aten::neg(Tensor self) -> Tensor");
/** |self|. */
export const abs = operator("aten::abs(Tensor self) -> Tensor");
/** self ← |self|. */
export const abs_ = operator("aten::abs_(Tensor(a!) self) -> Tensor(a!)");
/** −1, 0 or 1 by the sign. */
export const sign = operator("aten::sign(Tensor self) -> Tensor");
/** |self| with other's sign, broadcast. */
export const copysign = operator("aten::copysign.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** e to the power of self. */
export const exp = operator("aten::exp(Tensor self) -> Tensor");
/** Natural logarithm. */
export const log = operator("aten::log(Tensor self) -> Tensor");
/** Square root; NaN below 0. */
export const sqrt = operator("aten::sqrt(Tensor self) -> Tensor");
/** 1 / √self. */
export const rsqrt = operator("aten::rsqrt(Tensor self) -> Tensor");
/** self². */
export const square = operator("aten::square(Tensor self) -> Tensor");
/** 1 / self. */
export const reciprocal = operator("aten::reciprocal(Tensor self) -> Tensor");
/** Sine of radians. */
export const sin = operator("aten::sin(Tensor self) -> Tensor");
/** Cosine of radians. */
export const cos = operator("aten::cos(Tensor self) -> Tensor");
/** Angle of the point (other, self), in radians in (−π, π], broadcast. */
export const atan2 = operator("aten::atan2(Tensor self, Tensor other) -> Tensor");
/** The largest integer not above. */
export const floor = operator("aten::floor(Tensor self) -> Tensor");
/** The smallest integer not below. */
export const ceil = operator("aten::ceil(Tensor self) -> Tensor");
/** The nearest integer; halves go to the even one. */
export const round = operator("aten::round(Tensor self) -> Tensor");
/** Whether an element is NaN: bool. */
export const isnan = operator("aten::isnan(Tensor self) -> Tensor");
/** Whether an element is neither infinite nor NaN: bool. */
export const isfinite = operator("aten::isfinite(Tensor self) -> Tensor");
/** Whether an element is infinite: bool. */
export const isinf = operator("aten::isinf(Tensor self) -> Tensor");

// Comparison and selection
/** self = other, broadcast: bool. */
export const eq = operator("aten::eq.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** self ≠ other, broadcast: bool. */
export const ne = operator("aten::ne.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** self < other, broadcast: bool. */
export const lt = operator("aten::lt.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** self ≤ other, broadcast: bool. */
export const le = operator("aten::le.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** self > other, broadcast: bool. */
export const gt = operator("aten::gt.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** self ≥ other, broadcast: bool. */
export const ge = operator("aten::ge.Tensor|Scalar(Tensor self, Tensor|Scalar other) -> Tensor");
/** Whether both elements are other than 0, broadcast: bool. */
export const logicalAnd = operator("aten::logical_and(Tensor self, Tensor other) -> Tensor");
/** Whether either element is other than 0, broadcast: bool. */
export const logicalOr = operator("aten::logical_or(Tensor self, Tensor other) -> Tensor");
/** Whether an element is 0: bool. */
export const logicalNot = operator("aten::logical_not(Tensor self) -> Tensor");
/** self where the bool condition is true, else other, all broadcast. */
export const where = operator("aten::where.self|ScalarOther|ScalarSelf|Scalar(Tensor condition, Tensor|Tensor|Scalar|Scalar self, Tensor|Scalar|Tensor|Scalar other) -> Tensor");
/** value where the bool mask is true, else self; the mask is broadcast to self. */
export const maskedFill = operator("aten::masked_fill.Scalar|Tensor(Tensor self, Tensor mask, Scalar|Tensor value) -> Tensor");
/** self ← value where the bool mask is true; the mask is broadcast to self. */
export const maskedFill_ = operator("aten::masked_fill_.Scalar|Tensor(Tensor(a!) self, Tensor mask, Scalar|Tensor value) -> Tensor(a!)");
/** The elements at which the bool mask is true: [n]. */
export const maskedSelect = operator("aten::masked_select(Tensor self, Tensor mask) -> Tensor");
/** Places of the elements other than 0: int64 [n, dimensions]. */
export const nonzero = operator("aten::nonzero(Tensor self) -> Tensor");
/** Whether shapes and all elements are equal; NaN equals nothing. */
export const equal = operator("aten::equal(Tensor self, Tensor other) -> bool");
/** Whether |self − other| ≤ atol + rtol · |other| everywhere, broadcast. */
export const allclose = operator("aten::allclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> bool");

// Reductions
/** The sum of all elements, or along dimensions. */
export const sum = operator("aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor", "aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
/** The mean of all elements, or along dimensions; floating point only. */
export const mean = operator("aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor", "aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
/** The product of all elements, or along one dimension. */
export const prod = operator("aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor", "aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
/** Variance along dimensions, all for null; n − 1 in the denominator if unbiased. */
export const variance = operator("aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor");
/** Standard deviation along dimensions, all for null; n − 1 in the denominator if unbiased. */
export const std = operator("aten::std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor");
/** The largest element along dimensions, all for []; equal ones share the gradient. */
export const amax = operator("aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor");
/** The smallest element along dimensions, all for []; equal ones share the gradient. */
export const amin = operator("aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor");
/** Place of the largest element, of all or along a dimension: int64. */
export const argmax = operator("aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor");
/** Place of the smallest element, of all or along a dimension: int64. */
export const argmin = operator("aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor");
/** The largest element of all, or `{ values, indices }` along a dimension. */
export const max = operator("aten::max(Tensor self) -> Tensor", "aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)");
/** The smallest element of all, or `{ values, indices }` along a dimension. */
export const min = operator("aten::min(Tensor self) -> Tensor", "aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)");
/** (Σ |self|ᵖ)^(1/p) of all elements or along dimensions; p null is 2. */
export const norm = operator("aten::norm.Scalar(Tensor self, Scalar p=2) -> Tensor", "aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor");
/** log Σ exp(self) along dimensions, without overflow. */
export const logsumexp = operator("aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor");
/** Sums of all elements up to each, along a dimension. */
export const cumsum = operator("aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor");
/** Whether all elements are other than 0, of all or along a dimension: bool. */
export const all = operator("aten::all(Tensor self) -> Tensor", "aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor");
/** Whether any element is other than 0, of all or along a dimension: bool. */
export const any = operator("aten::any(Tensor self) -> Tensor", "aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor");
/** The k largest elements along a dimension, or smallest, and their places: `{ values, indices }`. */
export const topk = operator("aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)");
/** The elements in order along a dimension, and the places they had: `{ values, indices }`. */
export const sort = operator("aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)");
/** The places that sorted elements had, along a dimension: int64. */
export const argsort = operator("aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor");
/** Different values [n], where each element stands among them, and how often each occurs [n]; see `unique`. */
export const unique2 = operator("aten::_unique2(Tensor self, bool sorted=True, bool return_inverse=False, bool return_counts=False) -> (Tensor, Tensor, Tensor)");

// Linear algebra
/** Matrix product of the last two dimensions, the others broadcast; vectors are rows or columns. */
export const matmul = operator("aten::matmul(Tensor self, Tensor other) -> Tensor");
/** [n, m] times [m, p]: [n, p]. */
export const mm = operator("aten::mm(Tensor self, Tensor mat2) -> Tensor");
/** All products of [n] and [m]: [n, m]. */
export const outer = operator("aten::outer(Tensor self, Tensor vec2) -> Tensor");
/** input · weightᵀ + bias: [..., inputs] to [..., outputs]; weight is [outputs, inputs]. */
export const linear = operator("aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor");
/** [batch, n, m] times [batch, m, p]: [batch, n, p]. */
export const bmm = operator("aten::bmm(Tensor self, Tensor mat2) -> Tensor");
/** Sums of products by Einstein's notation, e.g. `ij,jk->ik`. */
export const einsum = operator("aten::einsum(str equation, Tensor[] tensors) -> Tensor");
/** Eigenvalues of symmetric matrices [..., n, n], ascending: [..., n]. */
export const eigvalsh = operator('aten::linalg_eigvalsh(Tensor self, str UPLO="L") -> Tensor');
/** Singular values of matrices [..., n, m], descending. */
export const svdvals = operator("aten::linalg_svdvals(Tensor A) -> Tensor");

// Shape
/** The same memory in another shape; −1 stands for what is left. @throws OperatorError if the layout does not allow it */
export const view = operator("aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)");
/** `view` if the layout allows it, else a copy. */
export const reshape = operator("aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)");
/** Dimensions from start to end as one. */
export const flatten = operator("aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)");
/** Dimensions in another order. */
export const permute = operator("aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)");
/** Two dimensions exchanged. */
export const transpose = operator("aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)");
/** A matrix transposed: [n, m] to [m, n]. */
export const t = operator("aten::t(Tensor(a) self) -> Tensor(a)");
/** Without all dimensions of size 1, or without one. */
export const squeeze = operator("aten::squeeze(Tensor(a) self) -> Tensor(a)", "aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)");
/** With a dimension of size 1 at a place. */
export const unsqueeze = operator("aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)");
/** Dimensions of size 1 repeated without copying; −1 keeps a size. */
export const expand = operator("aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)");
/** Copies side by side, so many along each dimension. */
export const repeat = operator("aten::repeat(Tensor self, SymInt[] repeats) -> Tensor");
/** Tensors one after another along a dimension; the other sizes are equal. */
export const cat = operator("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
/** Tensors of one shape along a new dimension. */
export const stack = operator("aten::stack(Tensor[] tensors, int dim=0) -> Tensor");
/** Views of at most split_size along a dimension. */
export const split = operator("aten::split.Tensor(Tensor(a) self, SymInt split_size, int dim=0) -> Tensor[]");
/** At most `chunks` views of nearly equal size. */
export const chunk = operator("aten::chunk(Tensor(a) self, int chunks, int dim=0) -> Tensor[]");
/** One view for each place along a dimension, without that dimension. */
export const unbind = operator("aten::unbind.int(Tensor(a) self, int dim=0) -> Tensor[]");
/** Elements in reverse along dimensions. */
export const flip = operator("aten::flip(Tensor self, int[] dims) -> Tensor");
/** Elements shifted along dimensions; what leaves one end enters the other. */
export const roll = operator("aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor");
/** What is on and below a diagonal of matrices, else 0. */
export const tril = operator("aten::tril(Tensor self, int diagonal=0) -> Tensor");
/** What is on and above a diagonal of matrices, else 0. */
export const triu = operator("aten::triu(Tensor self, int diagonal=0) -> Tensor");
/** A diagonal of two dimensions as the last one: a view. */
export const diagonal = operator("aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)");

// Indexing
/** One place of a dimension, without that dimension: a view. */
export const select = operator("aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)");
/** start, start + step, … below end of a dimension: a view. */
export const slice = operator("aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor(a)");
/** `length` places from start of a dimension: a view. */
export const narrow = operator("aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)");
/** Windows of `size` every `step` along a dimension, as a new last one: a view. */
export const unfold = operator("aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)");
/** Whole slices of a dimension picked by int64 [n]. */
export const indexSelect = operator("aten::index_select(Tensor self, int dim, Tensor index) -> Tensor");
/** Elements picked by one index tensor per dimension, null for all of it; bool ones mask. */
export const index = operator("aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor");
/** Writes values where `index` would read; accumulate adds them. */
export const indexPut_ = operator("aten::index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)");
/** Elements picked along a dimension by int64 index, of whose shape the result is. */
export const gather = operator("aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor");
/** self with src written along a dimension at the places of int64 index. */
export const scatter = operator("aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor");
/** `gather`, with sizes broadcast; without a dimension, of all elements in order. */
export const takeAlongDim = operator("aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor");
/** int64 [...] to int64 [..., num_classes], 1 at the class and else 0. */
export const oneHot = operator("aten::one_hot(Tensor self, int num_classes=-1) -> Tensor");
/** How often, or with what weight, 0, 1, … occur in int64 [n]. */
export const bincount = operator("aten::bincount(Tensor self, Tensor? weights=None, int minlength=0) -> Tensor");

// Copies and conversions
/** self ← src, broadcast and converted. */
export const copy_ = operator("aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)");
/** A copy. */
export const clone = operator("aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor");
/** self if it lies in memory in that format, else a copy that does. */
export const contiguous = operator("aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=contiguous_format) -> Tensor(a)");
/** A new tensor on the same memory. */
export const alias = operator("aten::alias(Tensor(a) self) -> Tensor(a)");
/** The same memory outside the graph. */
export const detach = operator("aten::detach(Tensor(a) self) -> Tensor(a)");
/** Converted or moved; self if nothing changes. */
export const to = operator("aten::to.dtype_layout(Tensor(a) self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)");
/** self ← 0. */
export const zero_ = operator("aten::zero_(Tensor(a!) self) -> Tensor(a!)");
/** self ← value. */
export const fill_ = operator("aten::fill_.Scalar|Tensor(Tensor(a!) self, Scalar|Tensor value) -> Tensor(a!)");
/** Gives self the memory, shape and dtype of another tensor. */
export const setData = operator("aten::set_data(Tensor(a!) self, Tensor new_data) -> ()");
/** The one element as a number. */
export const item = operator("aten::item(Tensor self) -> Scalar");

// oneDNN's layout of tensors on the CPU, "mkldnn": channels in blocks that fill a vector register
/** float32 on the CPU in oneDNN's layout. */
export const toMkldnn = operator("aten::to_mkldnn(Tensor self, ScalarType? dtype=None) -> Tensor");
/** oneDNN's layout as an ordinary one. */
export const toDense = operator("aten::to_dense(Tensor self, ScalarType? dtype=None) -> Tensor");
/** A convolution's weight in the layout that oneDNN computes in. */
export const mkldnnReorderConv2dWeight = operator("aten::mkldnn_reorder_conv2d_weight(Tensor self, SymInt[2] padding=0, SymInt[2] stride=1, SymInt[2] dilation=1, SymInt groups=1) -> Tensor");

// Autograd
/** Whether gradients are accumulated for self, a leaf. */
export const requiresGrad_ = operator("aten::requires_grad_(Tensor(a!) self, bool requires_grad=True) -> Tensor(a!)");
/** Adds gradients to the leaves that self came from; see `Tensor.backward`. */
export const backward = operator("aten::_backward(Tensor self, Tensor[] inputs, Tensor? gradient=None, bool? retain_graph=None, bool create_graph=False) -> ()");

// Random fills
/** self ← normal numbers of a mean and standard deviation. */
export const normal_ = operator("aten::normal_(Tensor(a!) self, float mean=0, float std=1, *, Generator? generator=None) -> Tensor(a!)");
/** self ← uniform numbers in [from, to). */
export const uniform_ = operator("aten::uniform_(Tensor(a!) self, float from=0, float to=1, *, Generator? generator=None) -> Tensor(a!)");
/** self ← 1 with probability p, else 0. */
export const bernoulli_ = operator("aten::bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!)");

// Many tensors in one call, for optimisers
/** Each self ← self + alpha · other. */
export const foreachAdd_ = operator("aten::_foreach_add_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()");
/** Each self ← self · scalar. */
export const foreachMul_ = operator("aten::_foreach_mul_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()");
/** Each self ← self + value · tensor1 · tensor2. */
export const foreachAddcmul_ = operator("aten::_foreach_addcmul_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()");
/** Each self ← self + value · tensor1 / tensor2. */
export const foreachAddcdiv_ = operator("aten::_foreach_addcdiv_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()");
/** Each √self. */
export const foreachSqrt = operator("aten::_foreach_sqrt(Tensor[] self) -> Tensor[]");
/** Each self ← self / scalar. */
export const foreachDiv_ = operator("aten::_foreach_div_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()");
/** Each self ← self + scalar. */
export const foreachAddScalar_ = operator("aten::_foreach_add_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()");
/** Each self + alpha · other. */
export const foreachAdd = operator("aten::_foreach_add.List(Tensor[] self, Tensor[] other, *, Scalar alpha=1) -> Tensor[]");
/** Each tensor's norm over all elements: []. */
export const foreachNorm = operator("aten::_foreach_norm.Scalar(Tensor[] self, Scalar ord=2) -> Tensor[]");
/** Adam's whole update of many parameters as one kernel. */
export const fusedAdam_ = operator(
  "aten::_fused_adam_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, float lr, float beta1, float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()",
);
