/**
 * Models for other programs, and predictions with them.
 * @module
 */

export * from "./export/index.ts";
export * from "./predict/index.ts";
export * from "./score/index.ts";
