// The operators in use, by theme, one line each: schema and TypeScript signature at once (schema.ts). Anything else libtorch
// registers is a `dispatch("aten::name.overload", values)` away. "Broadcast" is PyTorch's. All of them throw ArgumentError
// for what their schema does not take, DisposedError for a disposed tensor, and OperatorError where libtorch refuses.
export * from "./operators/activations.ts";
export * from "./operators/arithmetic.ts";
export * from "./operators/autograd.ts";
export * from "./operators/comparison.ts";
export * from "./operators/copies.ts";
export * from "./operators/creation.ts";
export * from "./operators/foreach.ts";
export * from "./operators/images.ts";
export * from "./operators/indexing.ts";
export * from "./operators/layers.ts";
export * from "./operators/linearAlgebra.ts";
export * from "./operators/losses.ts";
export * from "./operators/mkldnn.ts";
export * from "./operators/random.ts";
export * from "./operators/reductions.ts";
export * from "./operators/shape.ts";
