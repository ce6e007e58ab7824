// Copies and conversions.
import { operator } from "../operator.ts";

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
