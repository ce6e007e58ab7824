/** Frames in, predictions out: one frame at a time, however long the film. */
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

/** A face that was looked at. */
export interface SeenFace {
  readonly track: number;
  /** Of the landmarks, in pixels of the frame. */
  readonly box: Box;
  readonly prediction: Prediction;
}

/** A frame with all that is said of it. */
export interface SeenFrame {
  readonly frame: SampledFrame;
  readonly faces: readonly SeenFace[];
}

/** Where nothing is learned from, every face that is found is told of, small, blurred and turned ones, too. */
const EVERY_FACE = { minFacePixels: 0, minSharpness: 0, maxYawDegrees: 90 } as const satisfies FaceOptions;

/** How faces are cut out for a model; the rest is `followFaces`' default. */
export function faceOptionsFor(model: Model, fps: number, landmarkModel?: string): FaceOptions {
  const { faceSize, faceScale, alignEyes } = model.info;
  const given = landmarkModel === undefined ? {} : { landmarkModel };
  return { ...EVERY_FACE, size: faceSize, cropScale: faceScale, alignEyes, fps, ...given };
}

/**
 * Looks at every face of every frame.
 * @param frames ended when this ends   @param smoother of this clip; none leaves predictions as they are
 * @returns what the clip held, when all frames were taken
 */
export async function* look(
  model: Model,
  frames: FrameStream,
  options: FaceOptions,
  smoother?: Smoother,
): AsyncGenerator<SeenFrame, ClipSummary> {
  try {
    const framed = followFaces(frames, options);
    for (;;) {
      const step = await framed.next();
      if (step.done) return step.value;
      const { frame, faces } = step.value;
      const predictions = await model.predictCrops(faces.map(({ image }) => model.view(image)));
      yield { frame, faces: faces.map((face, i) => see(face, frame, predictions[i]!, smoother)) };
    }
  } finally {
    await frames.return(null);
  }
}

function see(
  { track, landmarks, square, image }: FaceCrop,
  { timeSeconds }: SampledFrame,
  prediction: Prediction,
  smoother: Smoother | undefined,
): SeenFace {
  const box = boxOfLandmarks(toFramePixels(landmarks, square, image.width));
  return { track, box, prediction: smoother?.apply(track, timeSeconds, prediction) ?? prediction };
}
