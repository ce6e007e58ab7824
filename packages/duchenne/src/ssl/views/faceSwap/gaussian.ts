/** Share of the distance between the eyes that the kernel is wide. */
const WIDTH_PER_EYE_DISTANCE = 0.6;
/** Landmarks of an eye, in dlib's order: the first one's come before the second one's. */
const [FIRST_EYE, EYE_POINTS] = [36, 6];

/** The colour correction's kernel for a face, odd, pixels. @param landmarks [68 · 2] */
export function kernelSizeOf(landmarks: Float32Array): number {
  let [dx, dy] = [0, 0];
  for (let i = FIRST_EYE; i < FIRST_EYE + EYE_POINTS; i++) {
    const other = i + EYE_POINTS;
    dx += (landmarks[2 * other]! - landmarks[2 * i]!) / EYE_POINTS;
    dy += (landmarks[2 * other + 1]! - landmarks[2 * i + 1]!) / EYE_POINTS;
  }
  const width = Math.trunc(WIDTH_PER_EYE_DISTANCE * Math.hypot(dx, dy));
  return width % 2 === 0 ? width + 1 : width;
}

/** Of a Gaussian kernel, pixels: OpenCV's choice if none is given. */
export function sigmaOf(kernelSize: number): number {
  return 0.3 * ((kernelSize - 1) / 2 - 1) + 0.8;
}

/** @returns [kernelSize] weights that sum to 1 */
function gaussian(kernelSize: number): Float64Array {
  const [radius, sigma] = [(kernelSize - 1) / 2, sigmaOf(kernelSize)];
  const weights = new Float64Array(kernelSize).map((_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** Pixels along one axis, the end exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * A Gaussian blur along one axis, as a matrix: output = matrix · input. Borders reflect without repeating the edge.
 * @param kernelSize odd, pixels
 * @param size of the whole image   @param outputs pixels whose blur is wanted
 * @param input that is given: all that the outputs' kernels reach inside the image
 * @returns [outputs · input]
 */
export function blurMatrix(
  kernelSize: number,
  size: number,
  outputs: readonly number[],
  input: Span,
): Float32Array {
  const weights = gaussian(kernelSize);
  const radius = (kernelSize - 1) / 2;
  const width = input.to - input.from;
  const matrix = new Float32Array(outputs.length * width);
  outputs.forEach((output, row) => {
    for (let k = -radius; k <= radius; k++) {
      const place = row * width + reflected(output + k, size) - input.from;
      matrix[place] = matrix[place]! + weights[k + radius]!;
    }
  });
  return matrix;
}

/** 2 1 | 0 1 2 … */
function reflected(index: number, size: number): number {
  const period = 2 * (size - 1);
  const place = Math.abs(index) % period;
  return Math.min(place, period - place);
}
