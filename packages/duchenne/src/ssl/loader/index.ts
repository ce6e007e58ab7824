export { BatchLoader, type LoadedBatch, type LoaderOptions } from "./batchLoader.ts";
export { LoaderError } from "./errors.ts";
