// Linear algebra.
import { operator } from "../operator.ts";

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
