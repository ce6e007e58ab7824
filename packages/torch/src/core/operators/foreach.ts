// Many tensors in one call, for optimisers.
import { operator } from "../operator.ts";

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
