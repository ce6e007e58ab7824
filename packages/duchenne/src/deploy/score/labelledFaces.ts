import type { FrameStore, StoredClip } from "../../data/store/index.ts";
import { LANDMARK_COUNT } from "../../data/store/record.ts";
import { setting } from "../../lib/errors.ts";
import type { Expression } from "../../lib/expressions.ts";
import { parseSplit } from "../../lib/splitNames.ts";
import { ScoreError } from "./errors.ts";

/** A stored face with its labels. */
export interface LabelledFace {
  /** Frame key. */
  readonly key: number;
  readonly person: string | null;
  readonly expression: Expression | null;
  /** Both in [-1, 1], or null. */
  readonly affect: { readonly valence: number; readonly arousal: number } | null;
}

/**
 * Every face of a store that has an expression, or valence and arousal, in key order.
 * @param split take the faces of this split alone, whatever the case of its name; absent: all faces
 * @throws ScoreError if the store has no such split, or no labelled face
 */
export function labelledFaces(store: FrameStore, split?: string): LabelledFace[] {
  const clips = ofSplit(store, split);
  const faces = clips.flatMap((clip) => facesOf(store, clip));
  if (faces.length > 0) return faces;
  const place = split === undefined ? store.path : `${store.path}: split ${split}`;
  throw new ScoreError(place, "labelled faces", "none", "Prepare a data set with labels.");
}

function ofSplit(store: FrameStore, split: string | undefined): StoredClip[] {
  const clips = store.clips();
  if (split === undefined) return clips;
  const wanted = canonical(split);
  const chosen = clips.filter((clip) => clip.split !== null && canonical(clip.split) === wanted);
  if (chosen.length > 0) return chosen;
  const names = [...new Set(clips.map((clip) => clip.split ?? "none"))].sort();
  throw new ScoreError(
    setting("split"),
    `a split of ${store.path}: ${names.join(", ")}`,
    split,
    "Name one of these, or omit `split`.",
  );
}

/** Usual names of one part are one name: "valid" is "validation". */
const canonical = (split: string): string => parseSplit(split) ?? split.toLowerCase();

function facesOf(store: FrameStore, { firstFrame, frameCount, person }: StoredClip): LabelledFace[] {
  const keys = Array.from({ length: frameCount }, (_, i) => firstFrame + i);
  return store.readLabels(keys).flatMap(({ expression = null, valence, arousal }, i) => {
    const affect = valence === undefined || arousal === undefined ? null : { valence, arousal };
    return expression === null && affect === null ? [] : [{ key: keys[i]!, person, expression, affect }];
  });
}

/** [68 · 2] x, y in crop pixels; undefined for a face without landmarks. */
export function landmarksOf(store: FrameStore, key: number): Float32Array | undefined {
  const landmarks = store.readLandmarks([key], new Float32Array(2 * LANDMARK_COUNT));
  return landmarks.some(Number.isNaN) ? undefined : landmarks;
}
