// Autograd.
import { operator } from "../operator.ts";

/** Whether gradients are accumulated for self, a leaf. */
export const requiresGrad_ = operator("aten::requires_grad_(Tensor(a!) self, bool requires_grad=True) -> Tensor(a!)");
/** Adds gradients to the leaves that self came from; see `Tensor.backward`. */
export const backward = operator("aten::_backward(Tensor self, Tensor[] inputs, Tensor? gradient=None, bool? retain_graph=None, bool create_graph=False) -> ()");
