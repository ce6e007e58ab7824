/** x' = a·x − b·y + tx, y' = b·x + a·y + ty: rotation, uniform scale and translation. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** What faces are aligned by, in dlib's order: brows and nose, eyes and the mouth's outer edge. */
const ALIGNMENT_POINTS = [...range(17, 35), ...range(36, 61)];
/** Sum of squared distances from the centroid, in square pixels, below which points are no face. */
const LEAST_SQUARES = 1e-6;

/**
 * The similarity that takes one face's alignment points onto another's: rotation by least squares, scale as the ratio of
 * the two spreads (orthogonal Procrustes), closed form in two dimensions.
 * @param from [68 · 2] x, y in pixels   @param to [68 · 2]
 * @returns undefined if a coordinate is no number, or all points of a face coincide
 * @see Gower and Dijksterhuis 2004, "Procrustes Problems"
 */
export function faceSimilarity(from: Float32Array, to: Float32Array): Similarity | undefined {
  const [p, q] = [centroid(from), centroid(to)];
  let [cosine, sine, fromSquares, toSquares] = [0, 0, 0, 0];
  for (const i of ALIGNMENT_POINTS) {
    const px = from[2 * i]! - p.x;
    const py = from[2 * i + 1]! - p.y;
    const qx = to[2 * i]! - q.x;
    const qy = to[2 * i + 1]! - q.y;
    cosine += px * qx + py * qy;
    sine += px * qy - py * qx;
    fromSquares += px * px + py * py;
    toSquares += qx * qx + qy * qy;
  }
  const agreement = Math.hypot(cosine, sine);
  // Comparisons that NaN fails too.
  if (!(Math.min(fromSquares, toSquares) > LEAST_SQUARES && agreement > 0)) return undefined;
  const length = Math.sqrt(toSquares / fromSquares) / agreement;
  const [a, b] = [cosine * length, sine * length];
  return { a, b, tx: q.x - a * p.x + b * p.y, ty: q.y - b * p.x - a * p.y };
}

function centroid(landmarks: Float32Array): { x: number; y: number } {
  let [x, y] = [0, 0];
  for (const i of ALIGNMENT_POINTS) {
    x += landmarks[2 * i]!;
    y += landmarks[2 * i + 1]!;
  }
  return { x: x / ALIGNMENT_POINTS.length, y: y / ALIGNMENT_POINTS.length };
}

/** The similarity that goes back. */
export function inverse({ a, b, tx, ty }: Similarity): Similarity {
  const square = a * a + b * b;
  const [c, s] = [a / square, -b / square];
  return { a: c, b: s, tx: -(c * tx - s * ty), ty: -(s * tx + c * ty) };
}

/** @param points [n · 2] x, y   @returns the same, mapped */
export function mapPoints({ a, b, tx, ty }: Similarity, points: Float32Array | Float64Array): Float64Array {
  const mapped = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i]!;
    const y = points[i + 1]!;
    mapped[i] = a * x - b * y + tx;
    mapped[i + 1] = b * x + a * y + ty;
  }
  return mapped;
}
