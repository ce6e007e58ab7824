import { type Device, ops, sharedTensor, type Tensor, tensor, upload } from "@duchenne/torch";
import type { Box } from "../images/box.ts";
import { blurMatrix, type Span, sigmaOf } from "./gaussian.ts";

/** Pixels at which a blur is computed, apart by at most this share of its sigma: on average well below a grey level off. */
const STRIDE_PER_SIGMA = 0.6;

/**
 * Blurs of one batch, each image its own Gaussian. A blur is a low pass: wide ones are computed at every other pixel or
 * fewer, and what is made of them is interpolated in between.
 */
export interface WideBlur {
  /** [kernels, rows computed, rows given] */
  readonly down: Tensor;
  /** [kernels, columns given, columns computed] */
  readonly across: Tensor;
  /** [n] int64: which kernel each image takes. */
  readonly choice: Tensor;
  /** [rows wanted, rows computed] and [columns computed, columns wanted]; absent if every pixel is computed. */
  readonly interpolation?: { readonly down: Tensor; readonly across: Tensor };
}

/**
 * @param kernelSizes [n] odd, pixels   @param size of the whole images
 * @param given the box of them that will be handed in: `wanted` and half the widest kernel around it, inside the image
 */
export function planBlur(
  kernelSizes: readonly number[],
  size: number,
  given: Box,
  wanted: Box,
  device: Device,
): WideBlur {
  const kernels = [...new Set(kernelSizes)];
  const stride = Math.max(1, Math.floor(STRIDE_PER_SIGMA * sigmaOf(Math.min(...kernels))));
  const rows = everyNth({ from: wanted.top, to: wanted.bottom }, stride);
  const columns = everyNth({ from: wanted.left, to: wanted.right }, stride);
  const blurs = (outputs: readonly number[], input: Span) => {
    const matrices = kernels.map((kernelSize) => blurMatrix(kernelSize, size, outputs, input));
    return ops.stack(matrices.map((matrix) => matrixTensor(matrix, outputs.length, device)));
  };
  const choice = kernelSizes.map((kernelSize) => kernels.indexOf(kernelSize));
  return {
    down: blurs(rows, { from: given.top, to: given.bottom }),
    across: blurs(columns, { from: given.left, to: given.right }).transpose(1, 2).contiguous(),
    choice: tensor(choice, { dtype: "int64", device }),
    ...(stride > 1 && {
      interpolation: {
        down: matrixTensor(linearBetween(rows), wanted.bottom - wanted.top, device),
        across: matrixTensor(linearBetween(columns), wanted.right - wanted.left, device)
          .t()
          .contiguous(),
      },
    }),
  };
}

/** The span's first pixel, every nth after it, and its last. */
function everyNth({ from, to }: Span, n: number): number[] {
  const positions: number[] = [];
  for (let i = from; i < to - 1; i += n) positions.push(i);
  return [...positions, to - 1];
}

/** Linear interpolation. @param positions ascending @returns [pixels from the first to the last · positions] */
function linearBetween(positions: readonly number[]): Float32Array {
  const first = positions[0]!;
  const pixels = positions.at(-1)! - first + 1;
  const matrix = new Float32Array(pixels * positions.length);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const after = positions.findIndex((position) => position >= first + pixel);
    const share =
      after === 0 ? 1 : (first + pixel - positions[after - 1]!) / (positions[after]! - positions[after - 1]!);
    matrix[pixel * positions.length + after] = share;
    if (share < 1) matrix[pixel * positions.length + after - 1] = 1 - share;
  }
  return matrix;
}

function matrixTensor(values: Float32Array, rows: number, device: Device): Tensor {
  return upload(sharedTensor(values, [rows, values.length / rows]), device);
}

/**
 * Blurs images by two matrix products each.
 * @param images [n, channels, height, width] of the box given
 * @returns [n, rows computed, channels, columns computed]
 */
export function blur(images: Tensor, { down, across, choice }: WideBlur): Tensor {
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  const [rows, columns] = [down.size(1), across.size(2)];
  // Channels inside rows, so that one product does all of them.
  const lines = images.transpose(1, 2).reshape(n, height, channels * width);
  const blurredDown = ops.bmm(ops.indexSelect(down, 0, choice), lines).view(n, rows * channels, width);
  return ops.bmm(blurredDown, ops.indexSelect(across, 0, choice)).view(n, rows, channels, columns);
}

/**
 * Interpolates what was computed from blurs.
 * @param values [n, rows computed, channels, columns computed]
 * @returns [n, channels, height, width] of the box wanted
 */
export function enlarge(values: Tensor, { interpolation }: WideBlur): Tensor {
  if (interpolation === undefined) return values.transpose(1, 2);
  const { down, across } = interpolation;
  const [n, rows, channels] = values.shape as [number, number, number];
  const [height, width] = [down.size(0), across.size(1)];
  const wide = values.matmul(across).view(n, rows, channels * width);
  return down.matmul(wide).view(n, height, channels, width).transpose(1, 2);
}
