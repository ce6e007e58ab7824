// Inputs of each operator, chosen where it is smooth: no ties, no kinks, no poles within a finite difference's step.
import { type Argument, ops, type Tensor, tensor } from "@duchenne/torch";
import type { Checked } from "./gradcheck.ts";

export interface OperatorCase extends Checked {
  /** Made anew for each use. */
  values: () => Argument[];
  /** Of the first result. */
  shape: readonly number[];
}

/** Distinct numbers of both signs, at least 0.05 from zero and apart, in no order. */
export function spread(...shape: number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float64Array.from(
    { length: count },
    (_, i) => 0.1 * (((i * 7919) % 1009) % (2 * count)) - 0.1 * count + 0.05,
  );
  return tensor(values, { shape });
}

/** Numbers in (0.3, 2). */
export function positive(...shape: number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    Float64Array.from({ length: count }, (_, i) => 1.15 + 0.8 * Math.sin(2.3 * i + 1)),
    { shape },
  );
}

/** Numbers in (−0.8, 0.8). */
export function small(...shape: number[]): Tensor {
  return ops.sub(positive(...shape), 1.15);
}

function integers(...values: number[]): Tensor {
  return tensor(values, { dtype: "int64" });
}

function mask(...values: boolean[]): Tensor {
  return tensor(values);
}

const unary = (operator: string, input: (...shape: number[]) => Tensor = spread): OperatorCase => ({
  operator,
  values: () => [input(2, 3)],
  shape: [2, 3],
});

// Broadcast: the gradient of the second operand is a sum over the first dimension.
const binary = (operator: string, first = spread, second = positive): OperatorCase => ({
  operator,
  values: () => [first(2, 3), second(3)],
  shape: [2, 3],
});

const call = (operator: string, shape: readonly number[], values: () => Argument[]): OperatorCase => ({
  operator,
  values,
  shape,
});

const symmetric = () =>
  tensor(
    [
      [2, 0.3, 0.1],
      [0.3, 3, 0.2],
      [0.1, 0.2, 5],
    ],
    { dtype: "float64" },
  );
const image = () => small(1, 2, 5, 5);

export const differentiable: OperatorCase[] = [
  // Arithmetic
  call("aten::add.Tensor", [2, 3], () => [spread(2, 3), positive(3), 2.5]),
  call("aten::add.Scalar", [2, 3], () => [spread(2, 3), 3, 0.5]),
  call("aten::sub.Tensor", [2, 3], () => [spread(2, 3), positive(3), 2.5]),
  call("aten::sub.Scalar", [2, 3], () => [spread(2, 3), 3, 0.5]),
  call("aten::rsub.Scalar", [2, 3], () => [spread(2, 3), 3, 0.5]),
  binary("aten::mul.Tensor"),
  call("aten::mul.Scalar", [2, 3], () => [spread(2, 3), -1.5]),
  binary("aten::div.Tensor"),
  call("aten::div.Scalar", [2, 3], () => [spread(2, 3), -1.5]),
  call("aten::remainder.Tensor", [3], () => [
    tensor([1.3, 2.2, 5.1], { dtype: "float64" }),
    tensor([0.9, 1.5, 2.0], { dtype: "float64" }),
  ]),
  call("aten::remainder.Scalar", [3], () => [tensor([1.3, -2.2, 5.1], { dtype: "float64" }), 0.9]),
  binary("aten::pow.Tensor_Tensor", positive),
  call("aten::pow.Tensor_Scalar", [2, 3], () => [positive(2, 3), 2.5]),
  call("aten::lerp.Tensor", [2, 3], () => [spread(2, 3), positive(2, 3), small(2, 3)]),
  call("aten::lerp.Scalar", [2, 3], () => [spread(2, 3), positive(2, 3), 0.3]),
  call("aten::maximum", [3], () => [
    tensor([1, -2, 3.5], { dtype: "float64" }),
    tensor([2, -3, 1], { dtype: "float64" }),
  ]),
  call("aten::minimum", [3], () => [
    tensor([1, -2, 3.5], { dtype: "float64" }),
    tensor([2, -3, 1], { dtype: "float64" }),
  ]),
  call("aten::clamp", [4], () => [tensor([-2, -0.5, 0.5, 2], { dtype: "float64" }), -1, 1]),
  unary("aten::neg"),
  unary("aten::abs"),
  unary("aten::exp", small),
  unary("aten::log", positive),
  unary("aten::sqrt", positive),
  unary("aten::rsqrt", positive),
  unary("aten::square"),
  unary("aten::reciprocal", positive),
  unary("aten::sin"),
  unary("aten::cos"),
  binary("aten::atan2"),
  binary("aten::copysign.Tensor"),
  call("aten::copysign.Scalar", [2, 3], () => [spread(2, 3), -2]),
  // Selection
  call("aten::where.self", [3], () => [mask(true, false, true), spread(3), positive(3)]),
  call("aten::masked_fill.Scalar", [3], () => [spread(3), mask(true, false, true), 7]),
  call("aten::where.ScalarOther", [3], () => [mask(true, false, true), spread(3), 7]),
  call("aten::where.ScalarSelf", [3], () => [mask(true, false, true), 7, spread(3)]),
  call("aten::masked_fill.Tensor", [3], () => [spread(3), mask(true, false, true), positive(1).at(0)]),
  call("aten::masked_select", [2], () => [spread(3), mask(true, false, true)]),
  // Reductions
  call("aten::sum", [], () => [spread(2, 3)]),
  call("aten::sum.dim_IntList", [2], () => [spread(2, 3, 2), [1, 2]]),
  call("aten::mean", [], () => [spread(2, 3)]),
  call("aten::mean.dim", [3, 1], () => [spread(3, 4), 1, true]),
  call("aten::prod", [], () => [positive(2, 3)]),
  call("aten::prod.dim_int", [3, 1], () => [positive(3, 4), 1, true]),
  call("aten::var.dim", [2], () => [spread(2, 5), [1], false]),
  call("aten::std.dim", [2], () => [spread(2, 5), [1], true]),
  call("aten::amax", [2], () => [spread(2, 5), 1]),
  call("aten::amin", [5], () => [spread(2, 5), 0]),
  call("aten::max.dim", [2], () => [spread(2, 5), 1]),
  call("aten::max", [], () => [spread(2, 5)]),
  call("aten::min", [], () => [spread(2, 5)]),
  call("aten::min.dim", [2], () => [spread(2, 5), 1]),
  call("aten::norm.Scalar", [], () => [spread(2, 5), 3]),
  call("aten::norm.ScalarOpt_dim", [2], () => [spread(2, 5), 3, 1]),
  call("aten::logsumexp", [2], () => [small(2, 5), 1]),
  call("aten::cumsum", [2, 5], () => [spread(2, 5), 1]),
  call("aten::topk", [2, 3], () => [spread(2, 5), 3, 1]),
  call("aten::sort", [2, 5], () => [spread(2, 5), 1, true]),
  // Linear algebra
  call("aten::matmul", [2, 2, 4], () => [spread(2, 2, 3), positive(3, 4)]),
  call("aten::mm", [2, 4], () => [spread(2, 3), positive(3, 4)]),
  call("aten::outer", [2, 3], () => [spread(2), positive(3)]),
  call("aten::linear", [2, 4], () => [spread(2, 3), positive(4, 3), small(4)]),
  call("aten::bmm", [2, 2, 4], () => [spread(2, 2, 3), positive(2, 3, 4)]),
  call("aten::einsum", [2, 4], () => ["ij,jk->ik", [spread(2, 3), positive(3, 4)]]),
  {
    // It reads one triangle and gives the gradient of a symmetric matrix.
    ...call("aten::linalg_eigvalsh", [3], () => [symmetric()]),
    prepare: ([matrix]) => [ops.add(matrix as Tensor, (matrix as Tensor).t())],
  },
  call("aten::linalg_svdvals", [3], () => [symmetric()]),
  // Shape
  call("aten::view", [3, 2], () => [spread(2, 3), [3, -1]]),
  call("aten::reshape", [6], () => [spread(2, 3), [6]]),
  call("aten::flatten.using_ints", [2, 6], () => [spread(2, 3, 2), 1]),
  call("aten::permute", [2, 2, 3], () => [spread(2, 3, 2), [2, 0, 1]]),
  call("aten::transpose.int", [3, 2], () => [spread(2, 3), 0, 1]),
  call("aten::t", [3, 2], () => [spread(2, 3)]),
  call("aten::squeeze.dim", [3], () => [spread(1, 3), 0]),
  call("aten::squeeze", [3], () => [spread(1, 3, 1)]),
  call("aten::unsqueeze", [3, 1], () => [spread(3), -1]),
  call("aten::as_strided", [3, 2], () => [spread(2, 3), [3, 2], [1, 3]]),
  call("aten::expand", [4, 3], () => [spread(1, 3), [4, -1]]),
  call("aten::repeat", [4, 3], () => [spread(2, 3), [2, 1]]),
  call("aten::cat", [2, 5], () => [[spread(2, 3), positive(2, 2)], 1]),
  call("aten::stack", [2, 2, 3], () => [[spread(2, 3), positive(2, 3)], 1]),
  call("aten::split.Tensor", [2, 2], () => [spread(2, 5), 2, 1]),
  call("aten::chunk", [3, 2], () => [spread(5, 2), 2]),
  call("aten::unbind.int", [2], () => [spread(2, 3), 1]),
  call("aten::flip", [2, 3], () => [spread(2, 3), [0, 1]]),
  call("aten::roll", [2, 3], () => [spread(2, 3), 1, 1]),
  call("aten::tril", [3, 3], () => [spread(3, 3), -1]),
  call("aten::triu", [3, 3], () => [spread(3, 3), 1]),
  call("aten::diagonal", [2], () => [spread(2, 3), 1]),
  // Indexing
  call("aten::select.int", [2], () => [spread(2, 3), 1, -1]),
  call("aten::slice.Tensor", [2, 2], () => [spread(2, 5), 1, 1, 4, 2]),
  call("aten::narrow", [2, 2], () => [spread(2, 5), 1, 1, 2]),
  call("aten::unfold", [2, 2, 3], () => [spread(2, 5), 1, 3, 2]),
  call("aten::index_select", [3, 3], () => [spread(2, 3), 0, integers(1, 0, 1)]),
  call("aten::index.Tensor", [3], () => [spread(2, 3), [integers(0, 1, 1), integers(2, 0, 0)]]),
  call("aten::gather", [2, 1], () => [spread(2, 3), 1, tensor([[2], [0]], { dtype: "int64" })]),
  call("aten::scatter.src", [2, 3], () => [
    spread(2, 3),
    1,
    tensor([[2], [0]], { dtype: "int64" }),
    positive(2, 1),
  ]),
  call("aten::take_along_dim", [2, 1], () => [spread(2, 3), tensor([[2], [0]], { dtype: "int64" }), 1]),
  // Copies
  unary("aten::clone"),
  call("aten::contiguous", [1, 2, 3, 3], () => [small(1, 2, 3, 3), "channelsLast"]),
  unary("aten::alias"),
  call("aten::to.dtype_layout", [2, 3], () => [spread(2, 3), null, null, null, null, false, true]),
  // Networks
  call("aten::conv2d", [1, 2, 3, 3], () => [image(), spread(2, 1, 3, 3), small(2), 2, 1, 1, 2]),
  call("aten::conv1d", [1, 2, 3], () => [small(1, 2, 5), spread(2, 1, 3), small(2), 2, 1, 1, 2]),
  call("aten::conv3d", [1, 2, 1, 2, 2], () => [small(1, 2, 2, 3, 2), spread(2, 2, 2, 2, 1), small(2)]),
  call("aten::conv_transpose2d.input", [1, 2, 6, 6], () => [
    small(1, 2, 3, 3),
    spread(2, 1, 2, 2),
    small(2),
    2,
    [0, 0],
    [0, 0],
    2,
  ]),
  call("aten::group_norm", [2, 4, 3], () => [spread(2, 4, 3), 2, positive(4), small(4)]),
  call("aten::lstm.input", [3, 1, 2], () => [
    small(3, 1, 2),
    [small(1, 1, 2), positive(1, 1, 2)],
    [small(8, 2), small(8, 2), small(8), positive(8)],
    true,
    1,
    0,
    false,
    false,
    false,
  ]),
  call("aten::gru.input", [3, 1, 2], () => [
    small(3, 1, 2),
    small(1, 1, 2),
    [small(6, 2), small(6, 2)],
    false,
    1,
    0,
    false,
    false,
    false,
  ]),
  call("aten::batch_norm", [4, 2], () => [
    spread(4, 2),
    positive(2),
    small(2),
    null,
    null,
    true,
    0.1,
    1e-5,
    true,
  ]),
  call("aten::layer_norm", [4, 3], () => [spread(4, 3), [3], positive(3), small(3)]),
  call("aten::embedding", [3, 2], () => [spread(4, 2), integers(1, 3, 1)]),
  call("aten::max_pool2d", [1, 2, 2, 2], () => [spread(1, 2, 5, 5), 3, 2]),
  call("aten::avg_pool2d", [1, 2, 3, 3], () => [image(), 3, 2, 1]),
  call("aten::adaptive_avg_pool2d", [1, 2, 2, 3], () => [image(), [2, 3]]),
  unary("aten::relu"),
  call("aten::leaky_relu", [2, 3], () => [spread(2, 3), 0.1]),
  call("aten::gelu", [2, 3], () => [spread(2, 3), "tanh"]),
  unary("aten::silu"),
  unary("aten::sigmoid"),
  unary("aten::tanh"),
  call("aten::softmax.int", [2, 3], () => [spread(2, 3), 1]),
  call("aten::log_softmax.int", [2, 3], () => [spread(2, 3), 1]),
  call("aten::cross_entropy_loss", [], () => [spread(3, 4), integers(2, 0, 3), null, 1, -100, 0.1]),
  call("aten::mse_loss", [], () => [spread(2, 3), positive(2, 3)]),
  call("aten::l1_loss", [], () => [spread(2, 3), ops.mul(positive(2, 3), 10)]),
  call("aten::smooth_l1_loss", [], () => [spread(2, 3), positive(2, 3), 1, 0.5]),
  call("aten::huber_loss", [], () => [spread(2, 3), positive(2, 3), 1, 0.5]),
  call("aten::binary_cross_entropy", [], () => [ops.div(positive(2, 3), 3), ops.div(positive(2, 3), 2.5)]),
  call("aten::cosine_embedding_loss", [], () => [spread(2, 3), positive(2, 3), integers(1, -1), -0.9]),
  call("aten::triplet_margin_loss", [], () => [spread(2, 3), positive(2, 3), small(2, 3), 5]),
  call("aten::binary_cross_entropy_with_logits", [], () => [spread(2, 3), ops.div(positive(2, 3), 2)]),
  call("aten::nll_loss_nd", [], () => [small(3, 4), integers(2, 0, 3)]),
  call("aten::kl_div", [], () => [small(2, 3), positive(2, 3), 2]),
  call("aten::cosine_similarity", [2], () => [spread(2, 3), positive(2, 3)]),
  call("aten::grid_sampler", [1, 2, 2, 3], () => [image(), small(1, 2, 3, 2), 0, 0, false]),
  call("aten::upsample_bilinear2d", [1, 2, 7, 4], () => [image(), [7, 4], false]),
  call("aten::upsample_nearest2d", [1, 2, 7, 4], () => [image(), [7, 4]]),
  call("aten::upsample_bicubic2d", [1, 2, 7, 4], () => [image(), [7, 4], false]),
  call("aten::_upsample_bilinear2d_aa", [1, 2, 3, 2], () => [image(), [3, 2], false]),
  call("aten::upsample_nearest1d.vec", [1, 2, 6], () => [small(1, 2, 3), null, [2]]),
  call("aten::upsample_nearest2d.vec", [1, 2, 7, 4], () => [image(), [7, 4], null]),
  call("aten::upsample_nearest3d.vec", [1, 1, 4, 2, 3], () => [small(1, 1, 2, 2, 3), [4, 2, 3], null]),
  call("aten::upsample_linear1d.vec", [1, 2, 5], () => [small(1, 2, 3), null, false, [1.8]]),
  call("aten::upsample_bilinear2d.vec", [1, 2, 7, 4], () => [image(), [7, 4], true, null]),
  call("aten::upsample_trilinear3d.vec", [1, 1, 3, 2, 4], () => [
    small(1, 1, 2, 2, 3),
    [3, 2, 4],
    false,
    null,
  ]),
  call("aten::upsample_bicubic2d.vec", [1, 2, 7, 4], () => [image(), [7, 4], false, null]),
  call("aten::_upsample_bilinear2d_aa.vec", [1, 2, 3, 2], () => [image(), [3, 2], false, null]),
  call("aten::constant_pad_nd", [1, 2, 6, 7], () => [image(), [1, 1, 0, 1], 3]),
  call("aten::reflection_pad2d", [1, 2, 7, 8], () => [image(), [1, 2, 0, 2]]),
];
