// Indexing.
import { operator } from "../operator.ts";

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
