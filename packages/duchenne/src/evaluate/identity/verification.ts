/** LFW's verification: are two pictures of one person? */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { noGrad, scope, type Tensor } from "@duchenne/torch";
import type { ProbeImage } from "../data/readImages.ts";
import { selectRows } from "../predictors/frozen.ts";
import { unitRows } from "../predictors/knn.ts";
import { ProbeError } from "../schema/errors.ts";

/** Two pictures by their file names without the ending, as in "Aaron_Peirsol_0001". */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

/** In one form of Unicode: disks and lists write accents in two. */
const picture = (name: string, number: string): string =>
  `${name}_${number.padStart(4, "0")}`.normalize("NFC");

const pictureOf = (source: string): string =>
  basename(source)
    .replace(/\.\w+$/, "")
    .normalize("NFC");

/**
 * Reads LFW's pairs.txt: the number of folds and of pairs, then per fold that many lines `name i j` of one person and as many
 * `name i name j` of two.
 * @returns the folds @throws ProbeError naming file and line
 */
export function readPairs(file: string): Pair[][] {
  const lines = readLines(file);
  const [folds = Number.NaN, pairs = Number.NaN] = (lines[0] ?? "").split(/\s+/).map(Number);
  if (!(Number.isInteger(folds) && Number.isInteger(pairs) && folds >= 2 && pairs >= 1))
    throw new ProbeError(
      `${file}:1`,
      "the number of folds, at least 2, and of pairs, as in LFW's pairs.txt",
      `"${lines[0]}"`,
    );
  if (lines.length !== 1 + 2 * folds * pairs)
    throw new ProbeError(file, `${2 * folds * pairs} pairs, as its first line says`, `${lines.length - 1}`);
  const all = lines.slice(1).map((line, i) => parsePair(line, `${file}:${i + 2}`));
  return Array.from({ length: folds }, (_, f) => all.slice(2 * pairs * f, 2 * pairs * (f + 1)));
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "");
  } catch (cause) {
    throw new ProbeError(file, "LFW's pairs.txt", (cause as Error).message, { cause });
  }
}

function parsePair(line: string, place: string): Pair {
  const [name, i, other, j, ...more] = line.split(/\s+/);
  if (name && i && other && more.length === 0) {
    if (j === undefined && /^\d+$/.test(i + other))
      return { a: picture(name, i), b: picture(name, other), same: true };
    if (j !== undefined && /^\d+$/.test(i + j))
      return { a: picture(name, i), b: picture(other, j), same: false };
  }
  throw new ProbeError(place, "`name number number` or `name number name number`", `"${line}"`);
}

export interface Verified {
  /** Share of pairs judged right in each fold, by the threshold that suits the other folds best. */
  readonly foldAccuracy: number[];
  /** Pairs of which a picture is not in the store. */
  readonly missing: number;
}

/**
 * LFW's protocol for unsupervised features: cosine similarity above a threshold means the same person.
 * @param features [n, d] of all images
 * @throws ProbeError if a fold has no pair whose pictures are both there
 * @see Huang et al., UMass Amherst technical report 07-49, 2007, section 5
 */
export function verify(
  features: Tensor,
  images: readonly ProbeImage[],
  folds: readonly (readonly Pair[])[],
  file: string,
): Verified {
  const places = new Map(images.map(({ source }, i) => [pictureOf(source), i] as const));
  const present = folds.map((pairs) => pairs.filter(({ a, b }) => places.has(a) && places.has(b)));
  const empty = present.findIndex((pairs) => pairs.length === 0);
  if (empty >= 0)
    throw new ProbeError(file, `pairs in fold ${empty + 1} whose pictures are in the store`, "none");
  const scored = present.map((pairs) => {
    const similarity = similarities(
      features,
      pairs.map(({ a }) => places.get(a)!),
      pairs.map(({ b }) => places.get(b)!),
    );
    return pairs.map(({ same }, p) => ({ same, similarity: similarity[p]! }));
  });
  const foldAccuracy = scored.map((own, f) => {
    const threshold = bestThreshold(scored.filter((_, other) => other !== f).flat());
    return own.filter(({ same, similarity }) => similarity > threshold === same).length / own.length;
  });
  const total = folds.reduce((sum, pairs) => sum + pairs.length, 0);
  return { foldAccuracy, missing: total - scored.reduce((sum, pairs) => sum + pairs.length, 0) };
}

function similarities(features: Tensor, a: readonly number[], b: readonly number[]): Float32Array {
  return scope(() =>
    noGrad(() => {
      const product = unitRows(selectRows(features, a)).mul(unitRows(selectRows(features, b)));
      return product.sum(1).toTypedArray() as Float32Array;
    }),
  );
}

interface Scored {
  readonly same: boolean;
  readonly similarity: number;
}

/** The similarity above which "same" is right most often. */
function bestThreshold(pairs: readonly Scored[]): number {
  const sorted = [...pairs].sort((x, y) => x.similarity - y.similarity);
  let right = sorted.filter(({ same }) => same).length;
  let best = { right, threshold: Number.NEGATIVE_INFINITY };
  sorted.forEach(({ same, similarity }, i) => {
    right += same ? -1 : 1;
    const next = sorted[i + 1]?.similarity ?? Number.POSITIVE_INFINITY;
    // Between equal similarities no threshold can stand.
    if (right > best.right && next > similarity)
      best = { right, threshold: Math.min((similarity + next) / 2, 1) };
  });
  return best.threshold;
}
