// Activations.
import { operator } from "../operator.ts";

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
