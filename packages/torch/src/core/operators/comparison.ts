// Comparison and selection.
import { operator } from "../operator.ts";

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
