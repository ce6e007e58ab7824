import { type Tensor, tensor } from "@duchenne/torch";
import { MEAN, STANDARD_DEVIATION } from "../../lib/imageNet.ts";
import { WHITE } from "./colorOperations.ts";

/** @param images [n, 3, h, w] in 0..255   @returns the same shape, about standard normal, a new tensor */
export function normalize(images: Tensor): Tensor {
  const channels = (values: readonly number[]) =>
    tensor(Float32Array.from(values), { shape: [1, 3, 1, 1], device: images.device });
  const scale = channels(STANDARD_DEVIATION.map((deviation) => 1 / (WHITE * deviation)));
  const offset = channels(MEAN.map((mean, i) => -mean / STANDARD_DEVIATION[i]!));
  return images.mul(scale).add_(offset);
}

/** `normalize` undone, for pictures. @returns [n, 3, h, w] in 0..255 */
export function denormalize(images: Tensor): Tensor {
  const channels = (values: readonly number[]) =>
    tensor(Float32Array.from(values), { shape: [1, 3, 1, 1], device: images.device });
  return images
    .mul(channels(STANDARD_DEVIATION.map((deviation) => WHITE * deviation)))
    .add_(channels(MEAN.map((mean) => WHITE * mean)));
}
