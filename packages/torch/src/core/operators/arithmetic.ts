// Arithmetic.
import { operator } from "../operator.ts";

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
