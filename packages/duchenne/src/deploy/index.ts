/**
 * Models for other programs, and predictions with them.
 * @module
 */

import "../lib/globals.ts";

export * from "./export/index.ts";
export * from "./predict/index.ts";
export * from "./score/index.ts";
