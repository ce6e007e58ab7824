/** Scalar curves the drawing is built from. */

/** Limits a value to [low, high]. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Linear interpolation from a (t = 0) to b (t = 1). */
export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** Cubic step from 0 at `low` to 1 at `high`, flat at both ends. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}

/** Unnormalised two-dimensional Gaussian of offsets already divided by their widths. */
export function bump(u: number, v: number): number {
  return Math.exp(-0.5 * (u * u + v * v));
}

/** Piecewise cubic through a table (monotone, Fritsch and Carlson 1980), so that outlines never overshoot. */
export function monotoneCubic(xs: readonly number[], ys: readonly number[]): (x: number) => number {
  const tangents = monotoneTangents(xs, ys);
  return (x) => {
    let k = 0;
    while (k < xs.length - 2 && x > xs[k + 1]!) k += 1;
    const width = xs[k + 1]! - xs[k]!;
    const t = clamp((x - xs[k]!) / width, 0, 1);
    const t2 = t * t;
    const t3 = t2 * t;
    return (
      (2 * t3 - 3 * t2 + 1) * ys[k]! +
      (t3 - 2 * t2 + t) * width * tangents[k]! +
      (3 * t2 - 2 * t3) * ys[k + 1]! +
      (t3 - t2) * width * tangents[k + 1]!
    );
  };
}

function monotoneTangents(xs: readonly number[], ys: readonly number[]): number[] {
  const slopes = xs.slice(1).map((x, k) => (ys[k + 1]! - ys[k]!) / (x - xs[k]!));
  return xs.map((_, k) => {
    const before = slopes[k - 1] ?? slopes[k]!;
    const after = slopes[k] ?? before;
    // The harmonic mean keeps the curve monotone wherever the table is.
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
}
