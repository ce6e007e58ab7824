/**
 * Films and images to stored faces: data sets, preparation, the frame store.
 * @module
 */

import "../lib/globals.ts";

export * from "./datasets/index.ts";
export * from "./prepare/index.ts";
export * from "./store/index.ts";
