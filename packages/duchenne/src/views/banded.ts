import { type Device, ops, sharedTensor, type Tensor } from "@duchenne/torch";

/**
 * Bands that a matrix is divided into. More of them leave out more zeros, but are too thin to be multiplied fast. Products
 * of this size also stay on one thread in every BLAS, while threads of its own would get in the way of the loader's.
 */
const BANDS = 5;

/** Some neighbouring rows of a matrix, and the columns they are not zero in. */
interface Band {
  readonly first: number;
  readonly count: number;
  /** [matrices, rows, count] */
  readonly weights: Tensor;
}

/**
 * Matrices that resample one axis of images: each pixel of the result takes a few neighbouring ones, so that all but a
 * band about the diagonal is zero, and is left out.
 */
export interface Banded {
  readonly bands: readonly Band[];
}

/** @param matrices of one shape, [rows · columns], multiplied alike */
export function banded(matrices: readonly Float32Array[], rows: number, device: Device): Banded {
  const edges = [...new Set(Array.from({ length: BANDS + 1 }, (_, i) => Math.round((i * rows) / BANDS)))];
  return { bands: edges.slice(1).map((end, i) => bandOf(matrices, rows, edges[i]!, end, device)) };
}

function bandOf(
  matrices: readonly Float32Array[],
  rows: number,
  start: number,
  end: number,
  device: Device,
): Band {
  const columns = matrices[0]!.length / rows;
  const { first, count } = extent(matrices, columns, start, end);
  const weights = new Float32Array(matrices.length * (end - start) * count);
  let place = 0;
  for (const matrix of matrices)
    for (let row = start; row < end; row++, place += count)
      weights.set(matrix.subarray(row * columns + first, row * columns + first + count), place);
  const shape = [matrices.length, end - start, count];
  return { first, count, weights: sharedTensor(weights, shape).to({ device }) };
}

/** The columns in which any of some rows is not zero. */
function extent(matrices: readonly Float32Array[], columns: number, start: number, end: number) {
  let [first, last] = [columns - 1, 0];
  for (const matrix of matrices)
    for (let row = start; row < end; row++) {
      const own = matrix.subarray(row * columns, (row + 1) * columns);
      first = Math.min(
        first,
        Math.max(
          0,
          own.findIndex((weight) => weight !== 0),
        ),
      );
      last = Math.max(
        last,
        own.findLastIndex((weight) => weight !== 0),
      );
    }
  return { first, count: Math.max(1, last - first + 1) };
}

/**
 * Resamples down the columns.
 * @param lines [n, columns of the matrices, m]
 * @param choice [n] int64, the matrix of each image; left out where there is one for all
 * @returns [n, rows of the matrices, m]
 */
export function resampleDown({ bands }: Banded, lines: Tensor, choice?: Tensor): Tensor {
  const products = bands.map(({ first, count, weights }) =>
    ops.bmm(chosen(weights, lines, choice), ops.narrow(lines, 1, first, count)),
  );
  return ops.cat(products, 1);
}

/**
 * Resamples along the rows.
 * @param lines [n, m, columns of the matrices]   @param choice as for `resampleDown`
 * @returns [n, m, rows of the matrices]
 */
export function resampleAcross({ bands }: Banded, lines: Tensor, choice?: Tensor): Tensor {
  const products = bands.map(({ first, count, weights }) =>
    ops.bmm(ops.narrow(lines, 2, first, count), chosen(weights, lines, choice).transpose(1, 2)),
  );
  return ops.cat(products, 2);
}

const chosen = (weights: Tensor, { shape: [n] }: Tensor, choice: Tensor | undefined): Tensor =>
  choice ? ops.indexSelect(weights, 0, choice) : weights.expand(n!, -1, -1);
