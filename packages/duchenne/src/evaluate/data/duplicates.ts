import type { Overlap } from "../schema/result.ts";
import { type Fingerprints, THUMBNAIL_SIDE } from "./fingerprint.ts";

/** Most bits in which the dHashes of near duplicates differ. */
const MOST_BITS = 6;
/** Least correlation of the thumbnails of near duplicates; different images of one face stay below. */
const LEAST_CORRELATION = 0.99;

/** Bits set in each 16-bit number. */
const BITS = Uint8Array.from({ length: 65_536 }, (_, value) => {
  let bits = 0;
  for (let rest = value; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
});

const bitsOf = (word: number): number => BITS[word & 0xffff]! + BITS[word >>> 16]!;

/**
 * Counts the images of one split that have a duplicate in another. An exact duplicate has the same pixels; a near duplicate has a
 * dHash at most 6 bits away and a thumbnail that correlates at 0.99 or more, as after recompression, a change of brightness or
 * a slight crop.
 * @param first indices of one split, such as train   @param second indices of the other, such as test
 * @returns images of `second` with a duplicate in `first`; an image counts once
 */
export function countDuplicates(
  prints: Fingerprints,
  first: readonly number[],
  second: readonly number[],
): Pick<Overlap, "exact" | "near"> {
  const known = new Set(first.map((i) => prints.exact[i]!));
  let [exact, near] = [0, 0];
  for (const i of second) {
    if (known.has(prints.exact[i]!)) exact += 1;
    else if (hasNearDuplicate(prints, first, i)) near += 1;
  }
  return { exact, near };
}

function hasNearDuplicate(
  { gradient, thumbnails }: Fingerprints,
  among: readonly number[],
  i: number,
): boolean {
  const [a, b] = [gradient[2 * i]!, gradient[2 * i + 1]!];
  for (const j of among) {
    const bits = bitsOf(a ^ gradient[2 * j]!) + bitsOf(b ^ gradient[2 * j + 1]!);
    if (bits <= MOST_BITS && correlation(thumbnails, i, j) >= LEAST_CORRELATION) return true;
  }
  return false;
}

function correlation(thumbnails: Float32Array, i: number, j: number): number {
  const count = THUMBNAIL_SIDE ** 2;
  let sum = 0;
  for (let k = 0; k < count; k++) sum += thumbnails[i * count + k]! * thumbnails[j * count + k]!;
  return sum;
}
