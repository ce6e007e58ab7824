/**
 * Synthetic actors, drawn and filmed, labelled frame by frame.
 * @module
 */

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
export { Performer } from "./draw/performer.ts";
export { CastError } from "./errors.ts";
export { type ContactSheetOptions, contactSheet } from "./film/contactSheet.ts";
export {
  type Actor,
  type CastPlan,
  castActor,
  filmClip,
  frameCount,
  prepareActor,
  type Split,
} from "./film/film.ts";
export { clipPath, LABEL_COLUMNS, LABELS_NAME, labelsCsv } from "./labels.ts";
export { CAST_VERSION, MANIFEST_NAME } from "./manifest.ts";
export {
  type CastOptions,
  castOptions,
  DEFAULT_CAST,
  DEFAULT_INTENSITY,
  parseIntensity,
  STILL_LAYOUTS,
  type StillLayout,
} from "./options.ts";
export { type CastProgress, type CastSummary, produceCast } from "./produce.ts";
export { actorStills, type Still, writeStills } from "./stills.ts";
