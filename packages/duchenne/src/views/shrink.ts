import { type Device, ops, sharedTensor, type Tensor } from "@duchenne/torch";

/**
 * Bands of pixels that an axis is shrunk in. A pixel of the result takes a few neighbours, so most of one large matrix would
 * be zeros; more bands than these are too thin to be multiplied fast.
 */
const BANDS = 5;

/** Some neighbouring pixels of a shrunken axis, and what they take of the whole one. */
interface Band {
  /** First pixel of the result, and how many. */
  readonly start: number;
  readonly pixels: number;
  /** First pixel taken, and how many. */
  readonly first: number;
  readonly count: number;
  /** [pixels, count] */
  readonly weights: Tensor;
}

/** How images of one size become images of another. */
export interface Shrinkage {
  readonly side: number;
  readonly bands: readonly Band[];
}

/**
 * Plans shrinking by a triangle filter as wide as the scale asks, as PIL's bilinear resizing and libtorch's antialiased
 * interpolation have it.
 * @param from side of the images, pixels   @param side of the result, less than that
 */
export function planShrinkage(from: number, side: number, device: Device): Shrinkage {
  const edge = (band: number) => Math.round((band * side) / BANDS);
  const bands = Array.from({ length: BANDS }, (_, i) => bandOf(from, side, edge(i), edge(i + 1), device));
  return { side, bands };
}

function bandOf(from: number, side: number, start: number, end: number, device: Device): Band {
  const scale = from / side;
  const reach = (pixel: number) => {
    const centre = scale * (pixel + 0.5);
    const first = Math.max(0, Math.trunc(centre - scale + 0.5));
    const last = Math.min(from, Math.trunc(centre + scale + 0.5));
    return { first, count: last - first, centre };
  };
  const { first } = reach(start);
  const lowest = reach(end - 1);
  const count = lowest.first + lowest.count - first;
  const weights = new Float32Array((end - start) * count);
  for (let pixel = start; pixel < end; pixel++) {
    const { first: own, count: length, centre } = reach(pixel);
    const shares = Array.from({ length }, (_, i) =>
      Math.max(0, 1 - Math.abs(own + i + 0.5 - centre) / scale),
    );
    const sum = shares.reduce((a, b) => a + b);
    for (const [i, share] of shares.entries())
      weights[(pixel - start) * count + own - first + i] = share / sum;
  }
  const pixels = end - start;
  return { start, pixels, first, count, weights: sharedTensor(weights, [pixels, count]).to({ device }) };
}

/**
 * Shrinks decoded frames.
 * @param frames [n, from, from, 3] uint8
 * @param place [n, 3, side, side] float32, written into
 */
export function shrinkInto(place: Tensor, frames: Tensor, { side, bands }: Shrinkage): void {
  const [n, from] = frames.shape as [number, number];
  // Down the columns first, while each row lies in memory as one run.
  const lines = frames.to({ dtype: "float32" }).view(n, from, from * 3);
  const lower = bands.map(({ first, count, weights }) =>
    ops.bmm(weights.unsqueeze(0).expand(n, ...weights.shape), ops.narrow(lines, 1, first, count)),
  );
  const planes = ops.cat(lower, 1).view(n, side, from, 3).permute(0, 3, 1, 2).contiguous().view(-1, from);
  const results = place.view(-1, side);
  for (const { first, count, weights, start, pixels } of bands)
    ops.narrow(results, 1, start, pixels).copy_(ops.narrow(planes, 1, first, count).matmul(weights.t()));
}
