/** Faces whose features are most similar. */
import { noGrad, ops, scope, type Tensor, tensor } from "@duchenne/torch";
import type { NearestRows } from "../../report/page/collect/umap.ts";
import type { Neighbour } from "../contract/api.ts";

/** Faces compared with all others at once. */
const BATCH = 256;

/** How many are wanted. */
export interface NeighbourCounts {
  /** Of other clips, and of a face's own. */
  readonly neighbours: number;
  /** Of all faces, the face itself among them. */
  readonly nearest: number;
}

/** Neighbours of each face by falling cosine. */
export interface NearestFaces {
  /** Of other clips. */
  readonly others: readonly (readonly Neighbour[])[];
  /** Of the same clip. */
  readonly own: readonly (readonly Neighbour[])[];
  /** Of all, as UMAP takes them: the face itself is the first. */
  readonly nearest: NearestRows;
}

/**
 * Compares all faces with each other.
 * @param rows [n][d] of length 1   @param clips [n] name of each face's clip
 * @param yieldTurn called after each batch with the share that is done
 */
export async function nearestFaces(
  rows: readonly Float32Array[],
  clips: readonly string[],
  { neighbours, nearest }: NeighbourCounts,
  yieldTurn: (share: number) => Promise<void> | undefined,
): Promise<NearestFaces> {
  const [others, own]: [Neighbour[][], Neighbour[][]] = [[], []];
  const [indices, distances]: [number[][], number[][]] = [[], []];
  const numbers = new Map([...new Set(clips)].map((clip, i) => [clip, i]));
  const clip = Int32Array.from(clips, (name) => numbers.get(name)!);
  const flat = flatten(rows);
  const k = Math.min(rows.length, Math.max(neighbours, nearest) + 1);
  for (let start = 0; start < rows.length; start += BATCH) {
    const count = Math.min(BATCH, rows.length - start);
    const found = compare(flat, clip, start, count, k);
    others.push(...found.others.map((row) => row.slice(0, neighbours)));
    for (let i = 0; i < count; i++) {
      const self = start + i;
      const isOther = ({ face }: Neighbour) => face !== self;
      own.push(found.own[i]!.filter(isOther).slice(0, neighbours));
      const near = found.all[i]!.filter(isOther).slice(0, nearest - 1);
      indices.push([self, ...near.map(({ face }) => face)]);
      distances.push([0, ...near.map(({ cosine }) => Math.sqrt(Math.max(0, 2 - 2 * cosine)))]);
    }
    await yieldTurn((start + count) / rows.length);
  }
  return { others, own, nearest: { indices, distances } };
}

/** The `k` nearest of `count` faces from `start` on: of other clips, of the same, and of all, the face itself included. */
function compare(
  flat: Float32Array,
  clip: Int32Array,
  start: number,
  count: number,
  k: number,
): Record<"others" | "own" | "all", Neighbour[][]> {
  return scope(() =>
    noGrad(() => {
      const all = tensor(flat, { shape: [clip.length, flat.length / clip.length] });
      const cosines = ops.narrow(all, 0, start, count).matmul(all.t());
      const clips = tensor(clip);
      const isSame = ops.eq(ops.narrow(clips, 0, start, count).unsqueeze(1), clips.unsqueeze(0));
      const without = (mask: Tensor) => ops.maskedFill(cosines, mask, Number.NEGATIVE_INFINITY);
      return {
        others: most(without(isSame), k),
        own: most(without(ops.logicalNot(isSame)), k),
        all: most(cosines, k),
      };
    }),
  );
}

/** The columns with the `k` largest numbers of each row [n, m]; minus infinity is none. */
function most(cosines: Tensor, k: number): Neighbour[][] {
  const { values, indices } = ops.topk(cosines, k);
  const [cosine, face] = [values.toTypedArray() as Float32Array, indices.toTypedArray() as BigInt64Array];
  return Array.from({ length: cosine.length / k }, (_, row) =>
    Array.from({ length: k }, (_, i) => ({
      face: Number(face[row * k + i]),
      cosine: rounded(cosine[row * k + i]!),
    })).filter((one) => one.cosine > Number.NEGATIVE_INFINITY),
  );
}

/** Four digits: of ten thousand faces, the rest of the digits would be half of the answer. */
const rounded = (value: number): number => (Number.isFinite(value) ? Number(value.toFixed(4)) : value);

function flatten(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]?.length ?? 0;
  const flat = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) flat.set(row, i * width);
  return flat;
}
