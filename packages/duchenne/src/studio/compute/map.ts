import { join } from "node:path";
import { FrameStore } from "../../data/store/index.ts";
import { centreView } from "../../evaluate/data/imageViews.ts";
import { embedFrames } from "../../evaluate/features/embed.ts";
import { Random } from "../../lib/random.ts";
import { makeYieldTurn } from "../../lib/yieldTurn.ts";
import { mapNeighbours, mapOf, normalizedRows } from "../../report/page/collect/umap.ts";
import { checkpointsOf } from "../../ssl/run/checkpoint.ts";
import { loadBackbone } from "../../ssl/run/loadBackbone.ts";
import type { FaceMap } from "../contract/api.ts";
import { chooseFaces } from "./faces.ts";
import { nearestFaces } from "./neighbours.ts";

/** A map to compute. */
export interface MapComputation {
  /** A run's folder. */
  readonly run: string;
  /** Updates done at the checkpoint whose features are used. */
  readonly step: number;
  readonly store: string;
  /** At most so many faces. */
  readonly faces: number;
  /** Of the checkpoint and of the store's file: what is made of others is another map. */
  readonly versions: readonly string[];
}

/** Called with the current step and the share that is done, 0 to 1. */
export type OnProgress = (doing: string, share: number) => void;

/** Of each face. */
const NEIGHBOURS = 12;

/**
 * Puts faces from all over a store on a map, by the features of a run's checkpoint.
 * @throws CheckpointError, StoreError
 */
export async function computeMap(
  { run, step, store: path, faces: most }: MapComputation,
  onProgress: OnProgress,
): Promise<FaceMap> {
  const { backbone, size } = loadBackbone(join(checkpointsOf(run), String(step)));
  const store = FrameStore.open(path);
  const yieldTurn = makeYieldTurn();
  try {
    const faces = chooseFaces(store, most);
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
    const counts = { neighbours: NEIGHBOURS, nearest: mapNeighbours(rows.length) };
    const found = await nearestFaces(
      rows,
      faces.map(({ clip }) => clip),
      counts,
      (share) => {
        onProgress("finding neighbours", share);
        return yieldTurn();
      },
    );
    const drawn = (share: number) => {
      onProgress("drawing the map", share);
      return yieldTurn();
    };
    const places = await mapOf(rows, Random.fromSeed("studio/umap"), drawn, found.nearest);
    return {
      step,
      faces: places.map(([x, y], i) => ({ ...faces[i]!, x: x!, y: y! })),
      neighbours: found.others,
      ownNeighbours: found.own,
    };
  } finally {
    backbone.dispose();
    await store.close();
  }
}
