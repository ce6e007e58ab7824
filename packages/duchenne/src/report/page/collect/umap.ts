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

/**
 * UMAP (McInnes et al. 2018) of rows in the plane.
 * @param yieldTurn called between epochs with the share that is done
 * @returns [n][2]; empty for fewer than three rows, of which there is no map
 */
export async function mapOf(
  rows: readonly Float32Array[],
  rng: Random,
  yieldTurn: (share: number) => Promise<void> | undefined,
): Promise<number[][]> {
  const nNeighbors = Math.min(MAP_NEIGHBOURS, rows.length - 1);
  if (nNeighbors < 2) return [];
  const umap = new UMAP({ nComponents: 2, nNeighbors, minDist: MIN_DISTANCE, random: () => rng.uniform() });
  const epochs = umap.initializeFit(rows.map((row) => [...row]));
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    await yieldTurn((epoch + 1) / epochs);
  }
  return umap.getEmbedding();
}
