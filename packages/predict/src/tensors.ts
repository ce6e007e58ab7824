import type { Preprocessor } from "./preprocessor.ts";

/** Normalised value of every byte, [3, 256]. */
export function normalizer({ mean, std }: Pick<Preprocessor, "mean" | "std">): Float32Array {
  return Float32Array.from({ length: 3 * 256 }, (_, i) => {
    const channel = i >> 8;
    return ((i & 255) / 255 - mean[channel]!) / std[channel]!;
  });
}

/**
 * Crops as the network takes them.
 * @param crops each [size, size, 3] bytes   @param normalized see `normalizer`
 * @returns [crops, 3, size, size]
 */
export function pixelValues(
  crops: readonly Uint8Array[],
  size: number,
  normalized: Float32Array,
): Float32Array {
  const plane = size * size;
  const values = new Float32Array(crops.length * 3 * plane);
  let to = 0;
  for (const crop of crops)
    for (let channel = 0; channel < 3; channel++) {
      const table = normalized.subarray(channel << 8, (channel + 1) << 8);
      for (let from = channel; from < 3 * plane; from += 3) values[to++] = table[crop[from]!]!;
    }
  return values;
}

/** Probabilities that sum to 1. */
export function softmax(logits: Float32Array): number[] {
  const largest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
