// oneDNN's layout of tensors on the CPU, "mkldnn": channels in blocks that fill a vector register.
import { operator } from "../operator.ts";

/** float32 on the CPU in oneDNN's layout. */
export const toMkldnn = operator("aten::to_mkldnn(Tensor self, ScalarType? dtype=None) -> Tensor");
/** oneDNN's layout as an ordinary one. */
export const toDense = operator("aten::to_dense(Tensor self, ScalarType? dtype=None) -> Tensor");
/** A convolution's weight in the layout that oneDNN computes in. */
export const mkldnnReorderConv2dWeight = operator("aten::mkldnn_reorder_conv2d_weight(Tensor self, SymInt[2] padding=0, SymInt[2] stride=1, SymInt[2] dilation=1, SymInt groups=1) -> Tensor");
