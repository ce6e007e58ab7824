/**
 * What a representation is worth: predictors on few or many labels, and what the features know of identity.
 * @module
 */

import "../lib/globals.ts";

export { type ProbeHooks, type ProbeProgress, probe } from "./probe.ts";
export { readProbeResult } from "./results/resultFile.ts";
export { readSavedProbe, type SavedProbe } from "./results/savedProbe.ts";
export { ProbeError } from "./schema/errors.ts";
export type { ProbeOptions, ProbeSettings } from "./schema/options.ts";
export type { ProbeResult } from "./schema/result.ts";
