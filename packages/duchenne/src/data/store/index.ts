export { EXPRESSIONS, type Expression, parseExpression } from "../../lib/expressions.ts";
export type { SourceOutcome, SourceProblem, StoredClip } from "./environment.ts";
export { StoreError, StoreOptionsError } from "./errors.ts";
export { FrameStore, type StoredFrame } from "./frameStore.ts";
export { encodeImage } from "./imageCodec.ts";
export type { Codec, FeatureKind, Manifest, StoreCounts, StoreOptions } from "./manifest.ts";
export type { FrameLabels, FrameRecord } from "./record.ts";
export { type Removal, removePerson } from "./removePerson.ts";
export type { NewFrame, NewTrack, SourceResult, StoreWriter } from "./storeWriter.ts";
