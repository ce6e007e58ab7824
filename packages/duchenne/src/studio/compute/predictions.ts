import { noGrad, scope, tensor } from "@duchenne/torch";
import { FrameStore } from "../../data/store/index.ts";
import { loadPart } from "../../deploy/export/part.ts";
import type { Part } from "../../deploy/export/readPart.ts";
import { centreView } from "../../evaluate/data/imageViews.ts";
import { embedFrames } from "../../evaluate/features/embed.ts";
import { makeYieldTurn } from "../../lib/yieldTurn.ts";
import type { MappedPrediction, MappedPredictions } from "../contract/api.ts";
import { chooseFaces, type StoredFace } from "./faces.ts";
import type { OnProgress } from "./map.ts";

/** Predictions to compute. */
export interface PredictionComputation {
  /** A saved probe's folder. */
  readonly probe: string;
  readonly store: string;
  /** At most so many faces. */
  readonly faces: number;
  /** Of the probe and of the store's file. */
  readonly versions: readonly string[];
}

/**
 * Has a saved probe predict the faces that a map of the store shows.
 * @throws ProbeError, StoreError
 */
export async function computePredictions(
  { probe, store: path, faces: most }: PredictionComputation,
  onProgress: OnProgress,
): Promise<MappedPredictions> {
  const part = await loadPart(probe);
  const store = FrameStore.open(path);
  try {
    const faces = chooseFaces(store, most);
    const view = { stored: store.manifest.options.size, size: part.size, device: "cpu" } as const;
    const features = await embedFrames(
      part.backbone,
      store,
      faces.map(({ key }) => key),
      (frames) => centreView(frames, view),
      makeYieldTurn(),
      (done) => onProgress("predicting", done / faces.length),
    );
    const { head, probe: about } = part.trained!;
    const outputs = outputsOf(part, features);
    return faces.map((face, i) => {
      const row = outputs.subarray(i * head.outputs, (i + 1) * head.outputs);
      return about.classes === null ? affectOf(face, row) : expressionOf(face, row, about.classes);
    });
  } finally {
    part.backbone.dispose();
    part.trained?.head.predictor.dispose();
    await store.close();
  }
}

/** @returns [n · outputs] */
function outputsOf({ backbone, trained }: Part, features: Float32Array): Float32Array {
  const shape = [features.length / backbone.features, backbone.features];
  return scope(() =>
    noGrad(() => trained!.head.predictor.call(tensor(features, { shape })).toTypedArray() as Float32Array),
  );
}

const NOTHING: MappedPrediction = {
  ...{ predicted: null, verdict: null, predictedValence: null, predictedArousal: null },
  ...{ valenceError: null, arousalError: null },
};

function expressionOf(
  { expression }: StoredFace,
  logits: Float32Array,
  classes: readonly string[],
): MappedPrediction {
  const predicted = classes[logits.indexOf(Math.max(...logits))] ?? null;
  // A label that the probe never learned can be neither.
  const isKnown = expression !== null && classes.includes(expression);
  const verdict = isKnown ? (predicted === expression ? "right" : "wrong") : null;
  return { ...NOTHING, predicted, verdict };
}

function affectOf({ valence, arousal }: StoredFace, row: Float32Array): MappedPrediction {
  const [predictedValence, predictedArousal] = [row[0]!, row[1]!];
  return {
    ...NOTHING,
    ...{ predictedValence, predictedArousal },
    valenceError: valence === null ? null : predictedValence - valence,
    arousalError: arousal === null ? null : predictedArousal - arousal,
  };
}
