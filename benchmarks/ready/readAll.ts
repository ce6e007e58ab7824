/** Readers in turns, so that whatever else the machine does hits all of them; in Node and in a browser. */
import type { Readings } from "./score.ts";
import type { CropReader } from "./tfjsNetworks.ts";

/** Faces that no time is taken of. */
const WARM_UP = 5;

/** @param faces each [48 · 48] grey bytes   @returns readings by the readers' names */
export async function readAll(
  readers: Readonly<Record<string, CropReader>>,
  faces: readonly Uint8Array[],
): Promise<Record<string, Readings>> {
  const named = Object.entries(readers);
  for (const [, reader] of named) for (const face of faces.slice(0, WARM_UP)) await reader.read(face);
  const rows = named.map((): (readonly number[])[] => []);
  const times = named.map((): number[] => []);
  for (const face of faces)
    for (const [i, [, reader]] of named.entries()) {
      const start = performance.now();
      rows[i]!.push(await reader.read(face));
      times[i]!.push(performance.now() - start);
    }
  return Object.fromEntries(
    named.map(([name, { labels }], i) => [
      name,
      { labels, probabilities: rows[i]!, milliseconds: middle(times[i]!) },
    ]),
  );
}

const middle = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;
