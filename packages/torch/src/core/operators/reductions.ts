// Reductions.
import { operator } from "../operator.ts";

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
/** (Σ |self|ᵖ)^(1/p) along dimensions; p null is 2. */
export const norm = operator("aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor");
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
