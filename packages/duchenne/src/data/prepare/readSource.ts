import {
  type Box,
  type CropSquare,
  cropImage,
  detectFaces,
  extractFaces,
  type FaceOptions,
  type FaceSource,
  type GreyImage,
  LandmarkModel,
  type RgbImage,
  readStill,
  squareOfLandmarks,
  toCropPixels,
  toGrey,
} from "@duchenne/face";
import { damageText } from "../../lib/damageText.ts";
import type { FaceBox, SampleSource } from "../datasets/types.ts";
import { type PixelSource, readPixelRow, toRgb } from "./pixelRow.ts";
import type { PrepareSettings } from "./settings.ts";

/** A face crop with its landmarks, from any kind of source. */
export type Face = { track: number; timeSeconds: number; image: RgbImage; landmarks: Float32Array };

/** Counts, damage and times of one source. */
export type SourceSummary = {
  framesSampled: number;
  /** Frames dropped, by reason. */
  skipped: Record<string, number>;
  /** Milliseconds by stage. */
  milliseconds: Record<string, number>;
  damage: string | null;
};

/** Boxes are in pixels of the full image, so it is read in full. */
const MAX_STILL_SIDE_WITH_BOX = 16_384;
/** Face crops are brought to this side, pixels, to be scanned: the face then fills the detector's window. */
const CROPPED_SCAN_SIDE = 160;
/** Nothing is dropped from labelled stills, so that a test set is the test set; only the absence of a face is. */
const KEEP_ALL: FaceOptions = {
  minFacePixels: 0,
  minSharpness: 0,
  maxYawDegrees: 90,
  minTrackFrames: 1,
  largestOnly: true,
};

/**
 * The faces of a source, in order of time.
 * @throws MediaError if it cannot be read; FaceError if the face stage itself is at fault
 */
export function readSource(
  source: SampleSource,
  settings: PrepareSettings,
  signal?: AbortSignal,
): AsyncGenerator<Face, SourceSummary> {
  if (source.kind === "pixels") return readPixels(source, settings);
  if (source.kind === "still" && source.box && !settings.store.detect)
    return readBox(source.path, source.box, settings);
  return readFound(source.kind === "still" ? { kind: "still", path: source.path } : source, settings, signal);
}

async function* readFound(
  source: FaceSource,
  { store, landmarkModel }: PrepareSettings,
  signal: AbortSignal | undefined,
): AsyncGenerator<Face, SourceSummary> {
  const options: FaceOptions = {
    fps: store.frameRateHz,
    size: store.size,
    detection: store.detect ? "hog" : "whole-image",
    alignEyes: store.alignEyes,
    ...(store.cropScale !== undefined && { cropScale: store.cropScale }),
    landmarkModel,
    ...(source.kind === "still" && KEEP_ALL),
  };
  const summary = yield* extractFaces(source, options, signal);
  const { framesSampled, skipped, stageMilliseconds, damage } = summary;
  return {
    framesSampled,
    skipped: { ...skipped },
    milliseconds: { ...stageMilliseconds },
    damage: damage && damageText(damage),
  };
}

/** A face whose box the data set gives: no detection, and the crop follows from the landmarks as everywhere. */
async function* readBox(
  path: string,
  box: FaceBox,
  settings: PrepareSettings,
): AsyncGenerator<Face, SourceSummary> {
  const start = performance.now();
  const image = await readStill(path, MAX_STILL_SIDE_WITH_BOX);
  const decode = performance.now() - start;
  const [landmarks] = await placeLandmarks(toGrey(image), [box], settings);
  yield cropFace(
    image,
    landmarks!,
    squareOfLandmarks(landmarks!, 0, settings.store.cropScale),
    settings.store.size,
  );
  return onlyFrame(decode, performance.now() - start - decode);
}

/** A face crop written as numbers in a CSV: the whole image is the crop. */
async function* readPixels(
  source: PixelSource,
  settings: PrepareSettings,
): AsyncGenerator<Face, SourceSummary> {
  const start = performance.now();
  const grey = await readPixelRow(source);
  const decode = performance.now() - start;
  const { width, height } = grey;
  // As for image files that are face crops: the detector's best guess, however weak, serves better than the border.
  const [best] = await detectFaces(grey, {
    scale: CROPPED_SCAN_SIDE / Math.max(width, height),
    threshold: -1,
  });
  const box = best?.box ?? { left: 0, top: 0, width, height };
  const [landmarks] = await placeLandmarks(grey, [box], settings);
  const square = {
    centerX: (width - 1) / 2,
    centerY: (height - 1) / 2,
    side: Math.max(width, height),
    radians: 0,
  };
  yield cropFace(toRgb(grey), landmarks!, square, settings.store.size);
  return onlyFrame(decode, performance.now() - start - decode);
}

async function placeLandmarks(
  grey: GreyImage,
  boxes: Box[],
  settings: PrepareSettings,
): Promise<Float32Array[]> {
  return (await LandmarkModel.load(settings.landmarkModel)).place(grey, boxes);
}

const cropFace = (image: RgbImage, landmarks: Float32Array, square: CropSquare, size: number): Face => ({
  track: 0,
  timeSeconds: 0,
  image: cropImage(image, square, size),
  landmarks: toCropPixels(landmarks, square, size),
});

const onlyFrame = (decode: number, landmarks: number): SourceSummary => ({
  framesSampled: 1,
  skipped: {},
  milliseconds: { decode, landmarks },
  damage: null,
});
