/** FaceSwap as method.md tells it, one pixel at a time: a face carried onto one other. */

type Point = readonly [x: number, y: number];
type Map = (point: Point) => Point;

/** One face: its image and landmarks. */
export interface Face {
  /** [3, size, size], 0 to 255. */
  readonly image: Float32Array;
  /** [68, 2] */
  readonly landmarks: Float32Array;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const EYES_AND_BROWS = [...range(17, 27), ...range(36, 48)];
const NOSE_AND_MOUTH = [...range(27, 35), ...range(48, 61)];
const ALIGNMENT = [...EYES_AND_BROWS, ...NOSE_AND_MOUTH];

const pointsOf = ({ landmarks }: Face, which: readonly number[]): Point[] =>
  which.map((i) => [landmarks[2 * i]!, landmarks[2 * i + 1]!]);

const meanOf = (points: readonly Point[]): Point => [
  points.reduce((sum, [x]) => sum + x, 0) / points.length,
  points.reduce((sum, [, y]) => sum + y, 0) / points.length,
];

/** Procrustes: means, standard deviations and an angle. */
export function procrustes(from: Face, to: Face): Map {
  const [p, q] = [pointsOf(from, ALIGNMENT), pointsOf(to, ALIGNMENT)];
  const [pMean, qMean] = [meanOf(p), meanOf(q)];
  const centred = (points: Point[], mean: Point) => points.map(([x, y]): Point => [x - mean[0], y - mean[1]]);
  const [pc, qc] = [centred(p, pMean), centred(q, qMean)];
  const deviation = (points: Point[]) => Math.sqrt(points.reduce((sum, [x, y]) => sum + x * x + y * y, 0));
  const scale = deviation(qc) / deviation(pc);
  const dot = pc.reduce((sum, [x, y], i) => sum + x * qc[i]![0] + y * qc[i]![1], 0);
  const cross = pc.reduce((sum, [x, y], i) => sum + x * qc[i]![1] - y * qc[i]![0], 0);
  const angle = Math.atan2(cross, dot);
  const [cosine, sine] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return ([x, y]) => {
    const [dx, dy] = [x - pMean[0], y - pMean[1]];
    return [qMean[0] + cosine * dx - sine * dy, qMean[1] + sine * dx + cosine * dy];
  };
}

const side = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Whether a point is in the hull of some landmarks, half a pixel grown: beyond no line that has them all on one side. */
function hullOf(face: Face, which: readonly number[]): (point: Point) => boolean {
  const corners = pointsOf(face, which).flatMap(([x, y]): Point[] => [
    [x - 0.5, y],
    [x + 0.5, y],
    [x, y - 0.5],
    [x, y + 0.5],
  ]);
  const edges = corners.flatMap((a) =>
    corners
      .filter((b) => (a[0] !== b[0] || a[1] !== b[1]) && corners.every((c) => side(a, b, c) >= 0))
      .map((b) => [a, b] as const),
  );
  return (point) => edges.every(([a, b]) => side(a, b, point) >= 0);
}

/** [3, size, size], sampled through a map; zero outside. */
function warp(image: Float32Array, size: number, map: Map): Float32Array {
  const at = (channel: number, x: number, y: number) =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : image[(channel * size + y) * size + x]!;
  return new Float32Array(image.length).map((_, i) => {
    const channel = Math.floor(i / size / size);
    const [x, y] = map([i % size, Math.floor(i / size) % size]);
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [x - left, y - top];
    const upper = (1 - u) * at(channel, left, top) + u * at(channel, left + 1, top);
    const lower = (1 - u) * at(channel, left, top + 1) + u * at(channel, left + 1, top + 1);
    return (1 - v) * upper + v * lower;
  });
}

/** [3, size, size], by the two-dimensional kernel; borders reflect. Pixels not wanted are 0. */
function gaussianBlur(
  image: Float32Array,
  size: number,
  kernelSize: number,
  wanted: readonly boolean[],
): Float32Array {
  const radius = (kernelSize - 1) / 2;
  const sigma = 0.3 * ((kernelSize - 1) / 2 - 1) + 0.8;
  const mirror = (i: number) => (i < 0 ? -i : i >= size ? 2 * size - 2 - i : i);
  return new Float32Array(image.length).map((_, i) => {
    const [x, y, channel] = [i % size, Math.floor(i / size) % size, Math.floor(i / size / size)];
    if (!wanted[y * size + x]) return 0;
    let [sum, total] = [0, 0];
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
        sum += weight * image[(channel * size + mirror(y + dy)) * size + mirror(x + dx)]!;
        total += weight;
      }
    }
    return sum / total;
  });
}

export function kernelSize(identity: Face): number {
  const [first, second] = [
    meanOf(pointsOf(identity, range(36, 42))),
    meanOf(pointsOf(identity, range(42, 48))),
  ];
  const size = Math.floor(0.6 * Math.hypot(first[0] - second[0], first[1] - second[1]));
  return size % 2 === 0 ? size + 1 : size;
}

/** @returns the picture [3, size, size], and which of its pixels [size, size] were carried over */
export function swapLoops(expression: Face, identity: Face, size: number) {
  const toExpression = procrustes(identity, expression);
  const [ofIdentity, ofExpression] = [identity, expression].map((face) =>
    [EYES_AND_BROWS, NOSE_AND_MOUTH].map((part) => hullOf(face, part)),
  );
  const mask = Array.from({ length: size * size }, (_, i) => {
    const pixel: Point = [i % size, Math.floor(i / size)];
    const source = toExpression(pixel);
    const isSampled = Math.min(...source) >= 0 && Math.max(...source) <= size - 1;
    const isInner =
      ofIdentity!.some((contains) => contains(pixel)) || ofExpression!.some((contains) => contains(source));
    return isSampled && isInner;
  });
  const warped = warp(expression.image, size, toExpression);
  const wanted = gaussianBlur(identity.image, size, kernelSize(identity), mask);
  const given = gaussianBlur(warped, size, kernelSize(identity), mask);
  const image = identity.image.map((value, i) => {
    const denominator = given[i]! <= 1 ? given[i]! + 128 : given[i]!;
    const corrected = Math.min(255, Math.max(0, (warped[i]! * wanted[i]!) / denominator));
    return mask[i % (size * size)] ? corrected : value;
  });
  return { image, mask };
}
