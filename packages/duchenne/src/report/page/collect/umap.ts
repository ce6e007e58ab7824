import { UMAP } from "umap-js";
import type { Random } from "../../../lib/random.ts";

const MAP_NEIGHBOURS = 12;
const MIN_DISTANCE = 0.15;

/** Rows of length 1, so that Euclidean neighbours are cosine neighbours; a row of zeros stays. */
export function normalizedRows(flat: Float32Array, length: number): Float32Array[] {
  return Array.from({ length: flat.length / length }, (_, i) => {
    const row = flat.subarray(i * length, (i + 1) * length);
    const norm = Math.hypot(...row) || 1;
    return row.map((value) => value / norm);
  });
}

/** Rows nearest to each row, [n][k], the row itself the first; distances are Euclidean. */
export interface NearestRows {
  readonly indices: readonly (readonly number[])[];
  readonly distances: readonly (readonly number[])[];
}

/** How many neighbours UMAP looks at among `rows` rows, the row itself included. */
export const mapNeighbours = (rows: number): number => Math.min(MAP_NEIGHBOURS, rows - 1);

/**
 * UMAP (McInnes et al. 2018) of rows in the plane.
 * @param yieldTurn called between epochs with the share that is done
 * @param nearest `mapNeighbours(n)` rows of each row, if they are known; else they are found approximately
 * @returns [n][2]; empty for fewer than three rows, of which there is no map
 */
export async function mapOf(
  rows: readonly Float32Array[],
  rng: Random,
  yieldTurn: (share: number) => Promise<void> | undefined,
  nearest?: NearestRows,
): Promise<number[][]> {
  const nNeighbors = mapNeighbours(rows.length);
  if (nNeighbors < 2) return [];
  const umap = new UMAP({ nComponents: 2, nNeighbors, minDist: MIN_DISTANCE, random: () => rng.uniform() });
  if (nearest) umap.setPrecomputedKNN(copied(nearest.indices), copied(nearest.distances));
  const epochs = umap.initializeFit(rows.map((row) => [...row]));
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    await yieldTurn((epoch + 1) / epochs);
  }
  return umap.getEmbedding();
}

/** As the library declares them: it does not change them. */
const copied = (rows: readonly (readonly number[])[]): number[][] => rows.map((row) => [...row]);
