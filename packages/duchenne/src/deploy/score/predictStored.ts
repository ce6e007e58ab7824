import type { Model, Prediction } from "@duchenne/predict";
import type { FrameStore } from "../../data/store/index.ts";
import { type LabelledFace, landmarksOf } from "./labelledFaces.ts";

/** Faces in one run of the network. */
const BATCH = 32;

/** What a face is worth for a score: probabilities by class of the model, and valence and arousal if it has that head. */
export type FacePrediction = Pick<Prediction, "probabilities" | "valence" | "arousal">;

/**
 * Predicts for stored faces. A face that was stored as the model's crop is used as it is; any other is cut again by its landmarks.
 * @param onDone called with the number of faces done
 * @throws the signal's reason
 */
export async function predictStored(
  model: Model,
  store: FrameStore,
  faces: readonly LabelledFace[],
  onDone: (done: number) => void,
  signal?: AbortSignal,
): Promise<FacePrediction[]> {
  const crop = cropperOf(model, store);
  const predictions: FacePrediction[] = [];
  for (let start = 0; start < faces.length; start += BATCH) {
    signal?.throwIfAborted();
    const batch = faces.slice(start, start + BATCH);
    const made = await model.predictCrops(batch.map(({ key }) => crop(key)));
    for (const { probabilities, valence, arousal } of made)
      predictions.push({
        ...(probabilities && { probabilities }),
        ...(valence !== undefined && arousal !== undefined && { valence, arousal }),
      });
    onDone(predictions.length);
  }
  return predictions;
}

/** Whether a store's crops are cut as the model's were; a store of ready-made crops does not record it and counts as such. */
export function hasCropsOf(model: Model, store: FrameStore): boolean {
  const { detect, cropScale, alignEyes } = store.manifest.options;
  const { faceScale, alignEyes: aligned } = model.info;
  return !detect || cropScale === undefined || (cropScale === faceScale && alignEyes === aligned);
}

/** @returns [size, size, 3] of a frame, as the network sees it */
function cropperOf(model: Model, store: FrameStore): (key: number) => Uint8Array {
  const { size } = store.manifest.options;
  const isReady = hasCropsOf(model, store);
  return (key) => {
    const image = { data: store.readFrames([key]), width: size, height: size };
    const landmarks = isReady ? undefined : landmarksOf(store, key);
    return landmarks ? model.crop({ ...image, channels: 3 }, { landmarks }) : model.view(image);
  };
}
