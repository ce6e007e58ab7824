// What `ops` holds: libtorch's operators, and functions of several of them.
export { type AttentionOptions, scaledDotProductAttention } from "./attention.ts";
export * from "./functional.ts";
export { type InterpolateOptions, type InterpolationMode, interpolate } from "./interpolate.ts";
export * from "./operators.ts";
export { REDUCTION } from "./schema.ts";
