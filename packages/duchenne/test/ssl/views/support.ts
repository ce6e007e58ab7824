import { sharedTensor, type Tensor, tensor } from "@duchenne/torch";
import { Random } from "../../../src/lib/random.ts";
import { PRESETS } from "../../../src/ssl/config/presets.ts";
import { BLOCKS, type FrameBatch, type Layout } from "../../../src/ssl/sampling/batch.ts";

export const POINTS = 68;

/** The paper's settings at a size. */
export const settingsAt = (size: number) => ({ ...PRESETS.paper.settings, size });

/** Images in 0..255 in which no two pixels of a channel are alike for long. @returns [n, 3, side, side] */
export function noise(n: number, side: number, seed = 1): Tensor {
  const rng = Random.fromSeed(seed);
  return tensor(
    Float32Array.from({ length: n * 3 * side * side }, () => rng.uniform(0, 255)),
    { shape: [n, 3, side, side] },
  );
}

/** Landmarks spread over images of a side, different in each. @returns [n, 68, 2] */
export function scattered(n: number, side: number, seed = 1): Float32Array {
  const rng = Random.fromSeed(seed);
  return Float32Array.from({ length: n * POINTS * 2 }, () => rng.uniform(0.2 * side, 0.8 * side));
}

const shared = <A extends Uint8Array | Float32Array>(values: A): A => {
  const copy = new SharedArrayBuffer(values.byteLength);
  const array = values instanceof Uint8Array ? new Uint8Array(copy) : new Float32Array(copy);
  array.set(values);
  return array as A;
};

function faces(n: number, side: number, seed: number) {
  const rng = Random.fromSeed(seed);
  const images = Uint8Array.from({ length: n * side * side * 3 }, () => rng.integer(256));
  const keys = Uint32Array.from({ length: n }, (_, i) => i);
  return { keys, images: shared(images), landmarks: shared(scattered(n, side, seed)) };
}

/** A batch of noise with landmarks and other people's faces. */
export function noisyBatch(
  frameSize: number,
  { clips = 4, layout = "quadruples" as Layout } = {},
): FrameBatch {
  const rows = clips * BLOCKS[layout].length;
  const featureLength = 6;
  const features = Float32Array.from({ length: rows * featureLength }, (_, i) => Math.sin(i) * 3);
  return {
    epoch: 0,
    step: 0,
    crowdedClips: 0,
    clips,
    layout,
    frameSize,
    ...faces(rows, frameSize, 1),
    features: shared(features),
    featureLength,
    persons: Int32Array.from({ length: clips }, (_, i) => i),
    identity: faces(clips, frameSize, 2),
  };
}

/** Pixel of an image batch as plain numbers: `at(image, channel, y, x)`. */
export function reader(images: Tensor): (image: number, channel: number, y: number, x: number) => number {
  const [, channels, height, width] = images.shape as [number, number, number, number];
  const values = images.contiguous().toTypedArray() as Float32Array;
  return (image, channel, y, x) => values[((image * channels + channel) * height + y) * width + x]!;
}

/** Images from a formula of their places. @returns [n, 3, side, side] */
export function build(
  n: number,
  side: number,
  value: (image: number, channel: number, y: number, x: number) => number,
): Tensor {
  const plane = side * side;
  const values = Float32Array.from({ length: n * 3 * plane }, (_, i) =>
    value(Math.floor(i / (3 * plane)), Math.floor(i / plane) % 3, Math.floor(i / side) % side, i % side),
  );
  return sharedTensor(values, [n, 3, side, side]);
}

/** How many standard deviations a count is from what a binomial draw would give. */
export function deviations(count: number, n: number, probability: number): number {
  return Math.abs(count - n * probability) / Math.sqrt(n * probability * (1 - probability));
}
