/**
 * Synthetic actors, drawn and filmed, labelled frame by frame.
 * @module
 */

import "../lib/globals.ts";

export { EXPRESSIONS, type Expression } from "../lib/expressions.ts";
export {
  ACTION_UNITS,
  type ActionUnit,
  type Affect,
  EXPRESSION_AFFECT,
  EXPRESSION_UNITS,
  NEUTRAL_BELOW,
  UNIT_INDEX,
  UNIT_ORDER,
} from "./actor/actionUnits.ts";
export { drawIdentity } from "./actor/drawIdentity.ts";
export { type Identity, identityVector } from "./actor/identity.ts";
export { apexSeconds, type ClipScript, type FrameState, frameAt, planClip } from "./actor/timeline.ts";
export { LandmarkReader } from "./draw/landmarks.ts";
export { type DrawnFrame, Performer } from "./draw/performer.ts";
export { SynthError } from "./errors.ts";
export { type ContactSheetOptions, contactSheet } from "./film/contactSheet.ts";
export {
  type Actor,
  type ActorSplit,
  createActor,
  filmClip,
  frameCount,
  prepareActor,
  type SynthPlan,
} from "./film/film.ts";
export { clipPath, LABEL_COLUMNS, LABELS_NAME, labelsCsv } from "./labels.ts";
export { MANIFEST_NAME, SYNTH_VERSION } from "./manifest.ts";
export {
  DEFAULT_INTENSITY,
  DEFAULT_SYNTH,
  parseIntensity,
  STILL_LAYOUTS,
  type StillLayout,
  type SynthOptions,
  synthOptions,
} from "./options.ts";
export { type SynthProgress, type SynthSummary, synthesize } from "./produce.ts";
export { actorStills, type Still } from "./still.ts";
export { writeStills } from "./stills.ts";
