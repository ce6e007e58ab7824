/**
 * What a representation is worth: predictors on few or many labels, and what the features know of identity.
 * @module
 */

export { ProbeError } from "./errors.ts";
export type { ProbeOptions, ProbeSettings } from "./options.ts";
export { type ProbeHooks, type ProbeProgress, probe } from "./probe.ts";
export type { ProbeResult } from "./result.ts";
export { readProbeResult } from "./resultFile.ts";
export { readSavedProbe, type SavedProbe } from "./savedProbe.ts";
