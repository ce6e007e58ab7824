/** Which faces of a store a map shows. */
import type { FrameStore, StoredClip } from "../../data/store/index.ts";
import type { MappedFace } from "../contract/api.ts";

/** A face of a store before it has its place on a map. */
export type StoredFace = Omit<MappedFace, "x" | "y">;

/** Frames evenly spread over all clips: as many of each as there is room for. The same for every network. */
export function chooseFaces(store: FrameStore, most: number): StoredFace[] {
  const clips = store.clips();
  const total = clips.reduce((sum, { frameCount }) => sum + frameCount, 0);
  const step = Math.max(1, total / most);
  const faces: StoredFace[] = [];
  let before = 0;
  for (const clip of clips) {
    const first = Math.ceil(before / step);
    before += clip.frameCount;
    const frames = Array.from({ length: Math.ceil(before / step) - first }, (_, i) =>
      Math.floor((first + i) * step - (before - clip.frameCount)),
    );
    faces.push(...facesOf(store, clip, frames));
  }
  return faces;
}

function facesOf(store: FrameStore, clip: StoredClip, frames: readonly number[]): StoredFace[] {
  const keys = frames.map((frame) => clip.firstFrame + Math.min(frame, clip.frameCount - 1));
  return store.readLabels(keys).map((labels, i) => ({
    key: keys[i]!,
    timeSeconds: labels.timeSeconds,
    person: clip.person,
    clip: clip.track === 0 ? clip.source : `${clip.source} face ${clip.track + 1}`,
    split: clip.split,
    expression: labels.expression ?? null,
    valence: labels.valence ?? null,
    arousal: labels.arousal ?? null,
    intensity: labels.intensity ?? null,
  }));
}
