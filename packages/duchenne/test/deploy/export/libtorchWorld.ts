/** What training's own code says of a picture: the reference of the parity tests. */
import { cropImage, readStill, squareOfLandmarks } from "@duchenne/face";
import { noGrad, scope, type Tensor, tensor } from "@duchenne/torch";
import type { Network } from "../../../src/deploy/export/onnx/writeOnnx.ts";
import { centreView } from "../../../src/evaluate/data/imageViews.ts";
import { normalize } from "../../../src/ssl/views/normalize.ts";
import type { ParityFrame } from "./parityFrames.ts";

/** Outputs for one picture, by ONNX's names. */
export interface Outputs {
  readonly embedding: Float32Array;
  readonly expression_logits: Float32Array;
  readonly valence_arousal: Float32Array;
}

function outputsOf({ backbone, heads }: Network, images: Tensor): Outputs {
  const values = (one: Tensor) => one.toTypedArray() as Float32Array;
  const embedding = backbone.embed(images);
  const says = (name: string) => values(heads.find(({ head }) => head === name)!.predictor.call(embedding));
  return {
    embedding: values(embedding),
    expression_logits: says("expression"),
    valence_arousal: says("valence_arousal"),
  };
}

/** From a crop's bytes, [size, size, 3]. */
export function ofCrop(network: Network, crop: Uint8Array, size: number): Outputs {
  return scope(() =>
    noGrad(() => {
      const pixels = tensor(Float32Array.from(crop), { shape: [1, size, size, 3] }).permute(0, 3, 1, 2);
      return outputsOf(network, normalize(pixels));
    }),
  );
}

/** From a file: sharp decodes, `prepare`'s crop cuts, the probe's view resizes. */
export async function ofPicture(
  network: Network,
  { file, landmarks }: ParityFrame,
  { stored, size }: { stored: number; size: number },
): Promise<Outputs> {
  const face = cropImage(await readStill(file, 4096), squareOfLandmarks(landmarks), stored);
  return scope(() =>
    noGrad(() => outputsOf(network, centreView(face.data, { stored, size, device: "cpu" }))),
  );
}
