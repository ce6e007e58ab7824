// Shape.
import { operator } from "../operator.ts";

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
