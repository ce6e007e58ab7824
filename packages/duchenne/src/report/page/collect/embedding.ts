/** Embeddings of labelled faces: their map and their nearest neighbours. */

import { FrameStore } from "../../../data/store/frameStore.ts";
import { centreView } from "../../../evaluate/data/imageViews.ts";
import { type ProbeImage, readImages } from "../../../evaluate/data/readImages.ts";
import { embedFrames } from "../../../evaluate/features/embed.ts";
import { Random } from "../../../lib/random.ts";
import { makeYieldTurn } from "../../../lib/yieldTurn.ts";
import { type LoadBackboneOptions, loadBackbone } from "../../../ssl/run/loadBackbone.ts";
import type { EmbeddingMap, FacePicture, NeighbourTable } from "../data/reportData.ts";
import { faceImage } from "./faceImage.ts";
import { mapOf, normalizedRows } from "./umap.ts";

/** A backbone, and the labelled store whose faces it embeds. */
export interface EmbeddingSource {
  readonly name: string;
  /** As `loadBackbone` takes it. */
  readonly from: string;
  readonly store: string;
  readonly backbone?: LoadBackboneOptions;
}

const MOST_FACES = 480;
const FRAMES_PER_CLIP = 8;
const QUERIES = 8;
const NEIGHBOURS = 6;

/**
 * Embeds some labelled faces of a store.
 * @throws CheckpointError, StoreError, or ProbeError if the store has no expression labels
 */
export async function collectEmbedding(
  source: EmbeddingSource,
  signal?: AbortSignal,
): Promise<{ map: EmbeddingMap; neighbours: NeighbourTable }> {
  const { backbone, size } = loadBackbone(source.from, source.backbone);
  const store = FrameStore.open(source.store);
  const view = { stored: store.manifest.options.size, size, device: source.backbone?.device ?? "cpu" };
  try {
    const faces = chooseFaces(store);
    const yieldTurn = makeYieldTurn(signal);
    const keys = faces.map(({ key }) => key);
    const flat = await embedFrames(
      backbone,
      store,
      keys,
      (frames) => centreView(frames, view),
      yieldTurn,
      () => {},
    );
    const rows = normalizedRows(flat, backbone.features);
    const places = await mapOf(rows, Random.fromSeed("report/umap"), yieldTurn);
    return {
      map: { title: source.name, points: pointsOf(places, faces) },
      neighbours: { title: source.name, rows: await neighbourRows(rows, faces, store) },
    };
  } finally {
    backbone.dispose();
    await store.close();
  }
}

/** From the test split if the store has one, so that the people are new to the network. */
function chooseFaces(store: FrameStore): ProbeImage[] {
  const settings = {
    task: "expression",
    classes: null,
    loss: "cross-entropy",
    framesPerClip: FRAMES_PER_CLIP,
  } as const;
  const { images } = readImages(store, settings, Random.fromSeed("report/faces"));
  const tested = images.filter(({ split }) => split === "test");
  const candidates = tested.length > 0 ? tested : images;
  return Random.fromSeed("report/choice").shuffle(candidates).slice(0, MOST_FACES);
}

function pointsOf(places: readonly number[][], faces: readonly ProbeImage[]): EmbeddingMap["points"] {
  return places.map(([x, y], i) => ({
    x: x!,
    y: y!,
    expression: faces[i]!.labels.expression ?? null,
    person: faces[i]!.person,
  }));
}

/** Queries of different expressions; frames of the query's own film are no neighbours. */
async function neighbourRows(
  rows: readonly Float32Array[],
  faces: readonly ProbeImage[],
  store: FrameStore,
): Promise<NeighbourTable["rows"]> {
  const queries = [...new Map(faces.map((face, i) => [face.labels.expression, i])).values()].slice(
    0,
    QUERIES,
  );
  return Promise.all(
    queries.map(async (query) => {
      const nearest = faces
        .map((face, i) => ({ face, similarity: dot(rows[query]!, rows[i]!) }))
        .filter(({ face }) => face.source !== faces[query]!.source)
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, NEIGHBOURS);
      const neighbours = nearest.map(async ({ face, similarity }) => ({
        ...(await shown(face, store)),
        similarity,
      }));
      return { query: await shown(faces[query]!, store), neighbours: await Promise.all(neighbours) };
    }),
  );
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

async function shown({ key, labels, person }: ProbeImage, store: FrameStore): Promise<FacePicture> {
  return { image: await faceImage(store, key), expression: labels.expression ?? null, person };
}
