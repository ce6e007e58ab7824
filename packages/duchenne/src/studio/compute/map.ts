import { join } from "node:path";
import { FrameStore, type StoredClip } from "../../data/store/index.ts";
import { centreView } from "../../evaluate/data/imageViews.ts";
import { embedFrames } from "../../evaluate/features/embed.ts";
import { Random } from "../../lib/random.ts";
import { makeYieldTurn } from "../../lib/yieldTurn.ts";
import { mapOf, normalizedRows } from "../../report/page/collect/umap.ts";
import { checkpointsOf } from "../../ssl/run/checkpoint.ts";
import { loadBackbone } from "../../ssl/run/loadBackbone.ts";
import type { FaceMap, MappedFace, Neighbour } from "../contract/api.ts";

/** A map to compute. */
export interface MapComputation {
  /** A run's folder. */
  readonly run: string;
  /** Updates done at the checkpoint whose features are used. */
  readonly step: number;
  readonly store: string;
  /** Of the checkpoint and of the store's file: what is made of others is another map. */
  readonly versions: readonly string[];
}

/** Called with the current step and the share that is done, 0 to 1. */
export type OnProgress = (doing: string, share: number) => void;

/** More are a blot, and take a minute. */
const MOST_FACES = 900;
const NEIGHBOURS = 12;

/**
 * Puts faces from all over a store on a map, by the features of a run's checkpoint.
 * @throws CheckpointError, StoreError
 */
export async function computeMap(
  { run, step, store: path }: MapComputation,
  onProgress: OnProgress,
): Promise<FaceMap> {
  const { backbone, size } = loadBackbone(join(checkpointsOf(run), String(step)));
  const store = FrameStore.open(path);
  const yieldTurn = makeYieldTurn();
  try {
    const faces = chooseFaces(store);
    const keys = faces.map(({ key }) => key);
    const view = { stored: store.manifest.options.size, size, device: "cpu" } as const;
    const flat = await embedFrames(
      backbone,
      store,
      keys,
      (frames) => centreView(frames, view),
      yieldTurn,
      (done) => onProgress("looking at faces", done / keys.length),
    );
    const rows = normalizedRows(flat, backbone.features);
    onProgress("finding neighbours", 0);
    const clips = faces.map(({ clip }) => clip);
    const places = await mapOf(rows, Random.fromSeed("studio/umap"), (share) => {
      onProgress("drawing the map", share);
      return yieldTurn();
    });
    return {
      step,
      faces: places.map(([x, y], i) => ({ ...faces[i]!, x: x!, y: y! })),
      neighbours: rows.map((_, i) => nearest(rows, i, (j) => clips[i] !== clips[j])),
      ownNeighbours: rows.map((_, i) => nearest(rows, i, (j) => i !== j && clips[i] === clips[j])),
    };
  } finally {
    backbone.dispose();
    await store.close();
  }
}

type Face = Omit<MappedFace, "x" | "y">;

/** Frames evenly spread over all clips: as many of each as there is room for. */
function chooseFaces(store: FrameStore): Face[] {
  const clips = store.clips();
  const total = clips.reduce((sum, { frameCount }) => sum + frameCount, 0);
  const step = Math.max(1, total / MOST_FACES);
  const faces: Face[] = [];
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

function facesOf(store: FrameStore, clip: StoredClip, frames: readonly number[]): Face[] {
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

function nearest(
  rows: readonly Float32Array[],
  query: number,
  isWanted: (face: number) => boolean,
): Neighbour[] {
  return rows
    .flatMap((row, face) => (isWanted(face) ? [{ face, cosine: dot(rows[query]!, row) }] : []))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, NEIGHBOURS);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
