export { BatchLoader, type LoaderOptions } from "./batchLoader.ts";
export { LoaderError } from "./errors.ts";
