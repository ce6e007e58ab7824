/**
 * The convex hull of some points.
 * @param points [n · 2] x, y, at least three
 * @returns [m · 2] its corners in order; those on a straight line left out
 * @see Andrew 1979, "Another efficient algorithm for convex hulls in two dimensions"
 */
export function convexHull(points: Float64Array): Float64Array {
  const sorted = sortedByRow(points);
  const count = points.length / 2;
  const corners = new Float64Array(2 * points.length + 2);
  let length = 0;
  const add = (i: number, floor: number) => {
    while (length >= floor + 2 && !turnsLeft(corners, length, sorted[2 * i]!, sorted[2 * i + 1]!))
      length -= 1;
    corners[2 * length] = sorted[2 * i]!;
    corners[2 * length + 1] = sorted[2 * i + 1]!;
    length += 1;
  };
  for (let i = 0; i < count; i++) add(i, 0);
  const halfway = length - 1;
  for (let i = count - 2; i >= 0; i--) add(i, halfway);
  // The first point came round again.
  return corners.slice(0, 2 * (length - 1));
}

/** Whether the last two corners and a new point turn the way of the hull. */
function turnsLeft(corners: Float64Array, length: number, x: number, y: number): boolean {
  const ax = corners[2 * length - 4]!;
  const ay = corners[2 * length - 3]!;
  const bx = corners[2 * length - 2]!;
  const by = corners[2 * length - 1]!;
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax) < 0;
}

/** Sorted by y, then x. By insertion: these are few, and partly in order. */
function sortedByRow(points: Float64Array): Float64Array {
  const sorted = points.slice();
  for (let i = 2; i < sorted.length; i += 2) {
    const x = sorted[i]!;
    const y = sorted[i + 1]!;
    let j = i;
    for (; j > 0 && (sorted[j - 1]! > y || (sorted[j - 1] === y && sorted[j - 2]! > x)); j -= 2) {
      sorted[j] = sorted[j - 2]!;
      sorted[j + 1] = sorted[j - 1]!;
    }
    sorted[j] = x;
    sorted[j + 1] = y;
  }
  return sorted;
}
