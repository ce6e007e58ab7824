import { ops, sharedTensor, type Tensor } from "@duchenne/torch";
import { type Box, cut } from "./box.ts";

/** Share of the distance between the eyes that the kernel is wide. */
const WIDTH_PER_EYE_DISTANCE = 0.6;

/** The blur's kernel for a face, odd, pixels. @param landmarks [68 · 2] */
export function kernelSizeOf(landmarks: Float32Array): number {
  let [dx, dy] = [0, 0];
  for (let i = 36; i < 42; i++) {
    dx += landmarks[2 * (i + 6)]! - landmarks[2 * i]!;
    dy += landmarks[2 * (i + 6) + 1]! - landmarks[2 * i + 1]!;
  }
  const width = Math.trunc((WIDTH_PER_EYE_DISTANCE * Math.hypot(dx, dy)) / 6);
  return width % 2 === 0 ? width + 1 : width;
}

/** OpenCV's choice for a kernel whose sigma is not given. */
function gaussian(kernelSize: number): Float64Array {
  const radius = (kernelSize - 1) / 2;
  const sigma = 0.3 * (radius - 1) + 0.8;
  const weights = Float64Array.from({ length: kernelSize }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/**
 * A Gaussian blur along one axis as a matrix: output = matrix · input. Borders reflect without repeating the edge.
 * @param kernelSize odd, pixels
 * @returns [size · size]
 */
export function blurMatrix(size: number, kernelSize: number): Float32Array {
  const weights = gaussian(kernelSize);
  const radius = (kernelSize - 1) / 2;
  const matrix = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let k = -radius; k <= radius; k++) {
      const column = row * size + reflected(row + k, size);
      matrix[column] = matrix[column]! + weights[k + radius]!;
    }
  }
  return matrix;
}

/** 2 1 | 0 1 2 … */
function reflected(index: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const place = Math.abs(index) % period;
  return Math.min(place, period - place);
}

/**
 * Blurs images, each with its own Gaussian, by two matrix products; exact, and only where it is wanted.
 * @param images [n, channels, height, width] of the box `given`   @param kernelSizes [n] odd, pixels
 * @param size of the whole images   @param wanted a box at least half a kernel inside `given`, or at the border
 * @returns [n, channels, height, width] of the box `wanted`
 */
export function wideBlur(
  images: Tensor,
  kernelSizes: readonly number[],
  size: number,
  given: Box,
  wanted: Box,
): Tensor {
  const sizes = [...new Set(kernelSizes)];
  const matrices = new Float32Array(sizes.length * size * size);
  sizes.forEach((kernelSize, i) => {
    matrices.set(blurMatrix(size, kernelSize), i * size * size);
  });
  const { device } = images;
  const bank = sharedTensor(matrices, [sizes.length, 1, size, size]).to({ device });
  const choice = sharedTensor(Int32Array.from(kernelSizes, (kernelSize) => sizes.indexOf(kernelSize)));
  const chosen = (box: Box) => ops.indexSelect(cut(bank, box), 0, choice.to({ device }));
  const down = chosen({ top: wanted.top, bottom: wanted.bottom, left: given.top, right: given.bottom });
  const across = chosen({ top: wanted.left, bottom: wanted.right, left: given.left, right: given.right });
  return down.matmul(images).matmul(across.transpose(2, 3));
}
