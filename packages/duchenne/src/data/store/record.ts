import { EXPRESSIONS, type Expression } from "../../lib/expressions.ts";

/** Number of landmarks of a face. */
export const LANDMARK_COUNT = 68;
const LANDMARKS_BYTE = 24;
const FEATURE_BYTE = LANDMARKS_BYTE + LANDMARK_COUNT * 2 * 4;
const NO_EXPRESSION = -1;

/** Labels of one frame; labels that the data set does not have are absent. */
export type FrameLabels = {
  expression?: Expression;
  /** In [-1, 1]. */
  valence?: number;
  /** In [-1, 1]. */
  arousal?: number;
  /** Strength of the expression, in [0, 1]. */
  intensity?: number;
  /** [8] votes of raters, in the order of `EXPRESSIONS`. */
  votes?: readonly number[];
};

/** What is known of a frame besides its pixels. */
export type FrameRecord = {
  /** Presentation time in the source; 0 for a still. */
  timeSeconds: number;
  labels: FrameLabels;
  /** [68 · 2] x, y in crop pixels, dlib's order. */
  landmarks: Float32Array;
  /** [featureLength] eye+mouth feature. */
  feature: Float32Array;
};

/** Bytes of a packed record. @param featureLength numbers per feature */
export const recordBytes = (featureLength: number): number => FEATURE_BYTE + 4 * featureLength;

/**
 * Packs a frame's record: float64 time, float32 valence, arousal, intensity (NaN = none), int32 expression (-1 = none),
 * float32 landmarks, float32 feature; little endian.
 */
export function packRecord(record: FrameRecord): Uint8Array {
  const bytes = new Uint8Array(recordBytes(record.feature.length));
  const view = new DataView(bytes.buffer);
  const { expression, valence = Number.NaN, arousal = Number.NaN, intensity = Number.NaN } = record.labels;
  view.setFloat64(0, record.timeSeconds, true);
  view.setFloat32(8, valence, true);
  view.setFloat32(12, arousal, true);
  view.setFloat32(16, intensity, true);
  view.setInt32(20, expression === undefined ? NO_EXPRESSION : EXPRESSIONS.indexOf(expression), true);
  writeFloats(view, LANDMARKS_BYTE, record.landmarks);
  writeFloats(view, FEATURE_BYTE, record.feature);
  return bytes;
}

/** Float32, little endian, from a byte on. */
function writeFloats(view: DataView, first: number, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) view.setFloat32(first + 4 * i, values[i]!, true);
}

/** Packs votes: float32, little endian. */
export function packVotes(votes: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * EXPRESSIONS.length);
  writeFloats(new DataView(bytes.buffer), 0, votes);
  return bytes;
}

/** The inverse of `packVotes`. */
export function unpackVotes(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return EXPRESSIONS.map((_, i) => view.getFloat32(4 * i, true));
}

/** The inverse of `packRecord`; the votes are stored beside the records. */
export function unpackRecord(bytes: Uint8Array): FrameRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const featureLength = (bytes.byteLength - FEATURE_BYTE) / 4;
  const record: FrameRecord = {
    timeSeconds: view.getFloat64(0, true),
    labels: unpackLabels(view),
    landmarks: new Float32Array(LANDMARK_COUNT * 2),
    feature: new Float32Array(featureLength),
  };
  copyLandmarks(bytes, record.landmarks, 0);
  copyFeature(bytes, record.feature, 0);
  return record;
}

/** Labels of a packed record. */
export function unpackLabels(view: DataView): FrameLabels {
  const labels: FrameLabels = {};
  const names = ["valence", "arousal", "intensity"] as const;
  names.forEach((name, i) => {
    const value = view.getFloat32(8 + 4 * i, true);
    if (!Number.isNaN(value)) labels[name] = value;
  });
  const expression = EXPRESSIONS[view.getInt32(20, true)];
  if (expression !== undefined) labels.expression = expression;
  return labels;
}

/** Copies a packed record's landmarks to `out[offset …]`; bytes, because a record may lie unaligned in the map. */
export function copyLandmarks(bytes: Uint8Array, out: Float32Array, offset: number): void {
  copyFloats(bytes, LANDMARKS_BYTE, FEATURE_BYTE, out, offset);
}

/** Copies a packed record's feature to `out[offset …]`. */
export function copyFeature(bytes: Uint8Array, out: Float32Array, offset: number): void {
  copyFloats(bytes, FEATURE_BYTE, bytes.byteLength, out, offset);
}

function copyFloats(bytes: Uint8Array, from: number, to: number, out: Float32Array, offset: number): void {
  new Uint8Array(out.buffer, out.byteOffset + 4 * offset, to - from).set(bytes.subarray(from, to));
}
