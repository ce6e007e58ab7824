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
  replacePage();
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
      const found = await withPixels(picture, (pixels) =>
        detector.locateFaces(pixels, { inputSize, scoreThreshold: LEAST_SCORE }),
      );
      return found.map(({ box: { x, y, width, height } }) => ({ left: x, top: y, width, height }));
    },
    placeLandmarks: async (face) => {
      const found = await withPixels(face, (pixels) => landmarks.detectLandmarks(pixels));
      const [{ positions }] = [found].flat() as [faceapi.FaceLandmarks68];
      return Float32Array.from(positions.flatMap(({ x, y }) => [x, y]));
    },
  };
}

/**
 * Reads a picture as face-api takes it without a copy of its own: it would draw one on a new canvas each time, and nothing in a worker
 * frees those soon.
 */
async function withPixels<T>(
  picture: OffscreenCanvas,
  work: (pixels: faceapi.tf.Tensor3D) => Promise<T>,
): Promise<T> {
  const { data, width, height } = picture.getContext("2d")!.getImageData(0, 0, picture.width, picture.height);
  const pixels = faceapi.tf.browser.fromPixels({ data: new Uint8Array(data.buffer), width, height });
  try {
    return await work(pixels);
  } finally {
    pixels.dispose();
  }
}

/** face-api expects a page around it: in a worker there are no such pictures. */
function replacePage(): void {
  class None {}
  faceapi.env.setEnv({
    ...{ Canvas: OffscreenCanvas, CanvasRenderingContext2D: OffscreenCanvasRenderingContext2D },
    ...{ Image: None, Video: None, ImageData, fetch },
  } as unknown as Parameters<typeof faceapi.env.setEnv>[0]);
}

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
