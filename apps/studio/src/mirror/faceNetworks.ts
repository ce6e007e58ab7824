/** The networks that find faces, and 68 landmarks in dlib's order. */
import type { Box } from "@duchenne/crop";
import * as faceapi from "@vladmandic/face-api";
import landmarkUrl from "@vladmandic/face-api/model/face_landmark_68_model.bin?url";
import landmarkManifest from "@vladmandic/face-api/model/face_landmark_68_model-weights_manifest.json";
import detectorUrl from "@vladmandic/face-api/model/tiny_face_detector_model.bin?url";
import detectorManifest from "@vladmandic/face-api/model/tiny_face_detector_model-weights_manifest.json";
import { type Backend, startTensorflow } from "./tensorflow.ts";

export interface FaceNetworks {
  readonly backend: Backend;
  /** @returns boxes of faces in a small picture, in its pixels */
  detect(picture: OffscreenCanvas): Promise<Box[]>;
  /** @param face a square picture of one   @returns [136] x, y in its pixels */
  placeLandmarks(face: OffscreenCanvas): Promise<Float32Array>;
}

/** The detector's network halves its input five times. */
const DETECTOR_STEP = 32;
const LEAST_SCORE = 0.45;

/** Loads both networks, whose files are the studio's own, in a worker. */
export async function loadFaceNetworks(): Promise<FaceNetworks> {
  drawOffscreen();
  const backend = await startTensorflow();
  const detector = new faceapi.TinyFaceDetector();
  const landmarks = new faceapi.FaceLandmark68Net();
  await Promise.all([
    loadWeights(detector, detectorManifest, detectorUrl),
    loadWeights(landmarks, landmarkManifest, landmarkUrl),
  ]);
  return {
    backend,
    detect: async (picture) => {
      const inputSize = DETECTOR_STEP * Math.ceil(Math.max(picture.width, picture.height) / DETECTOR_STEP);
      const found = await detector.locateFaces(asInput(picture), { inputSize, scoreThreshold: LEAST_SCORE });
      return found.map(({ box: { x, y, width, height } }) => ({ left: x, top: y, width, height }));
    },
    placeLandmarks: async (face) => {
      const found = await landmarks.detectLandmarks(asInput(face));
      const [{ positions }] = [found].flat() as [faceapi.FaceLandmarks68];
      return Float32Array.from(positions.flatMap(({ x, y }) => [x, y]));
    },
  };
}

/** face-api draws in a page: in a worker its canvases are offscreen ones, and there are no other pictures. */
function drawOffscreen(): void {
  class None {}
  faceapi.env.setEnv({
    ...{ Canvas: OffscreenCanvas, CanvasRenderingContext2D: OffscreenCanvasRenderingContext2D },
    ...{ Image: None, Video: None, ImageData, fetch },
    createCanvasElement: () => new OffscreenCanvas(1, 1),
  } as unknown as Parameters<typeof faceapi.env.setEnv>[0]);
}

const asInput = (picture: OffscreenCanvas) => picture as unknown as HTMLCanvasElement;

type Loadable = { loadFromWeightMap(weights: faceapi.tf.NamedTensorMap): void };
type Manifest = readonly { readonly weights: readonly object[] }[];

async function loadWeights(network: Loadable, manifest: Manifest, url: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok)
    throw new Error(
      `${url}: expected a face network, received ${answer.status} ${answer.statusText}. Install duchenne again; in a clone, run make build.`,
    );
  const specs = manifest.flatMap(({ weights }) => weights) as faceapi.tf.io.WeightsManifestEntry[];
  network.loadFromWeightMap(faceapi.tf.io.decodeWeights(await answer.arrayBuffer(), specs));
}
