/** Predictions frame by frame, with the memory of one frame. */
import {
  type Box,
  boxOfLandmarks,
  type ClipSummary,
  type FaceCrop,
  type FaceOptions,
  type FrameStream,
  followFaces,
  type SampledFrame,
  toFramePixels,
} from "@duchenne/face";
import type { Model, Prediction, Smoother } from "@duchenne/predict";

/** A face with its prediction. */
export interface PredictedFace {
  /** Number of the face's track: the same face in other frames of the video has the same number. */
  readonly track: number;
  /** Box of the landmarks, in pixels of the frame. */
  readonly box: Box;
  readonly prediction: Prediction;
}

/** A frame with the predictions for all its faces. */
export interface PredictedFrame {
  readonly frame: SampledFrame;
  readonly faces: readonly PredictedFace[];
}

/** Predicts for every face, also small, blurred and turned ones, which training leaves out. */
const EVERY_FACE = { minFacePixels: 0, minSharpness: 0, maxYawDegrees: 90 } as const satisfies FaceOptions;

/** Face options that give the crops a model was trained on; the others have the defaults of `followFaces`. */
export function faceOptionsFor(model: Model, fps: number, landmarkModel?: string): FaceOptions {
  const { faceSize, faceScale, alignEyes } = model.info;
  const given = landmarkModel === undefined ? {} : { landmarkModel };
  return { ...EVERY_FACE, size: faceSize, cropScale: faceScale, alignEyes, fps, ...given };
}

/**
 * Predicts for every face of every frame.
 * @param frames closed when the generator ends   @param smoother of this clip; absent: predictions are not smoothed
 * @returns the clip's summary, after its last frame
 * @throws FaceError if there is no landmark model; MediaError for a stream that cannot be decoded
 */
export async function* predictFrames(
  model: Model,
  frames: FrameStream,
  options: FaceOptions,
  smoother?: Smoother,
): AsyncGenerator<PredictedFrame, ClipSummary> {
  try {
    const framed = followFaces(frames, options);
    for (;;) {
      const step = await framed.next();
      if (step.done) return step.value;
      const { frame, faces } = step.value;
      const predictions = await model.predictCrops(faces.map(({ image }) => model.view(image)));
      yield { frame, faces: faces.map((face, i) => predicted(face, frame, predictions[i]!, smoother)) };
    }
  } finally {
    await frames.return(null);
  }
}

function predicted(
  { track, landmarks, square, image }: FaceCrop,
  { timeSeconds }: SampledFrame,
  prediction: Prediction,
  smoother: Smoother | undefined,
): PredictedFace {
  const box = boxOfLandmarks(toFramePixels(landmarks, square, image.width));
  return { track, box, prediction: smoother?.apply(track, timeSeconds, prediction) ?? prediction };
}
