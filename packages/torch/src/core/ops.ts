// What `ops` holds: libtorch's operators, and functions of several of them.
export * from "./functional.ts";
export * from "./operators.ts";
export { REDUCTION } from "./schema.ts";
