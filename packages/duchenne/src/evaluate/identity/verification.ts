/** LFW's verification protocol: do two images show the same person? */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { noGrad, scope, type Tensor } from "@duchenne/torch";
import type { ProbeImage } from "../data/readImages.ts";
import { normalizeRows, selectRows } from "../features/featureRows.ts";
import { ProbeError } from "../schema/errors.ts";

/** Two images, each by its file name without extension, as in "Aaron_Peirsol_0001". */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

/** LFW's pairs, fold by fold. */
export interface PairFile {
  /** Path, for errors and notices. */
  readonly file: string;
  readonly folds: readonly (readonly Pair[])[];
}

const AS_IN_LFW = "Use the file that LFW provides.";

/**
 * Reads LFW's pairs.txt: the number of folds and of pairs, then per fold that many lines `name i j` for one person and as many
 * `name i name j` for two.
 * @throws ProbeError with file and line if the file is anything else
 */
export function readPairs(file: string): PairFile {
  const lines = readLines(file);
  const [count = Number.NaN, pairs = Number.NaN] = (lines[0] ?? "").split(/\s+/).map(Number);
  if (!(Number.isInteger(count) && Number.isInteger(pairs) && count >= 2 && pairs >= 1)) {
    const expected = "the number of folds, at least 2, and of pairs, as in LFW's pairs.txt";
    throw new ProbeError(`${file}:1`, expected, `"${lines[0]}"`, AS_IN_LFW);
  }
  if (lines.length !== 1 + 2 * count * pairs) {
    const expected = `${2 * count * pairs} pairs, the number in its first line`;
    throw new ProbeError(file, expected, `${lines.length - 1}`, AS_IN_LFW);
  }
  const all = lines.slice(1).map((line, i) => parsePair(line, `${file}:${i + 2}`));
  return {
    file,
    folds: Array.from({ length: count }, (_, f) => all.slice(2 * pairs * f, 2 * pairs * (f + 1))),
  };
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "");
  } catch (cause) {
    throw new ProbeError(file, "LFW's pairs.txt", (cause as Error).message, AS_IN_LFW, { cause });
  }
}

/** Name of an image in the list, in one form of Unicode: disks and lists write accents in two. */
const imageName = (person: string, number: string): string =>
  `${person}_${number.padStart(4, "0")}`.normalize("NFC");

function parsePair(line: string, place: string): Pair {
  const [name, i, other, j, ...more] = line.split(/\s+/);
  if (name && i && other && more.length === 0) {
    if (j === undefined && /^\d+$/.test(i + other))
      return { a: imageName(name, i), b: imageName(name, other), same: true };
    if (j !== undefined && /^\d+$/.test(i + j))
      return { a: imageName(name, i), b: imageName(other, j), same: false };
  }
  const expected = "`name number number` or `name number name number`";
  throw new ProbeError(place, expected, `"${line}"`, AS_IN_LFW);
}

/** Indices of images by file name without extension. */
const indicesByName = (images: readonly ProbeImage[]): Map<string, number> =>
  new Map(
    images.map(({ source }, i) => [
      basename(source)
        .replace(/\.\w+$/, "")
        .normalize("NFC"),
      i,
    ]),
  );

/**
 * Leaves out the pairs of which an image is not in the store.
 * @throws ProbeError if a fold keeps no pair
 */
export function presentPairs({ file, folds }: PairFile, images: readonly ProbeImage[]): PairFile {
  const names = indicesByName(images);
  const present = folds.map((pairs) => pairs.filter(({ a, b }) => names.has(a) && names.has(b)));
  const empty = present.findIndex((pairs) => pairs.length === 0);
  if (empty < 0) return { file, folds: present };
  const expected = `pairs in fold ${empty + 1} with both images in the store`;
  throw new ProbeError(file, expected, "none", "Prepare all images of LFW.");
}

/**
 * LFW's protocol for unsupervised features: two images show the same person if their cosine similarity is above a threshold.
 * @param features [n, d] of all images   @param pairs from `presentPairs`
 * @returns [folds] share of the fold's pairs judged right, with the threshold that is best on the other folds
 * @see Huang et al., UMass Amherst technical report 07-49, 2007, section 5
 */
export function verify(features: Tensor, images: readonly ProbeImage[], { folds }: PairFile): number[] {
  const names = indicesByName(images);
  const scored = folds.map((pairs) => {
    const similarity = similarities(
      features,
      pairs.map(({ a }) => names.get(a)!),
      pairs.map(({ b }) => names.get(b)!),
    );
    return pairs.map(({ same }, p) => ({ same, similarity: similarity[p]! }));
  });
  return scored.map((own, f) => {
    const threshold = bestThreshold(scored.filter((_, other) => other !== f).flat());
    return own.filter(({ same, similarity }) => similarity > threshold === same).length / own.length;
  });
}

function similarities(features: Tensor, a: readonly number[], b: readonly number[]): Float32Array {
  return scope(() =>
    noGrad(() => {
      const product = normalizeRows(selectRows(features, a)).mul(normalizeRows(selectRows(features, b)));
      return product.sum(1).toTypedArray() as Float32Array;
    }),
  );
}

interface ScoredPair {
  readonly same: boolean;
  readonly similarity: number;
}

/** The similarity above which "same" is right most often. */
function bestThreshold(pairs: readonly ScoredPair[]): number {
  const sorted = [...pairs].sort((x, y) => x.similarity - y.similarity);
  let right = sorted.filter(({ same }) => same).length;
  let best = { right, threshold: Number.NEGATIVE_INFINITY };
  sorted.forEach(({ same, similarity }, i) => {
    right += same ? -1 : 1;
    const next = sorted[i + 1]?.similarity ?? Number.POSITIVE_INFINITY;
    // A threshold lies between two similarities that differ.
    if (right > best.right && next > similarity)
      best = { right, threshold: Math.min((similarity + next) / 2, 1) };
  });
  return best.threshold;
}
