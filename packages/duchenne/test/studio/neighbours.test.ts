import { expect, it } from "vitest";
import { Random } from "../../src/lib/random.ts";
import { mapOf, normalizedRows } from "../../src/report/page/collect/umap.ts";
import { nearestFaces } from "../../src/studio/compute/neighbours.ts";

const WIDTH = 6;
const COUNTS = { neighbours: 4, nearest: 5 };
const immediately = () => undefined;

function madeUpRows(count: number): Float32Array[] {
  const rng = Random.fromSeed("neighbours");
  const flat = Float32Array.from({ length: count * WIDTH }, () => rng.uniform() - 0.5);
  return normalizedRows(flat, WIDTH);
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

it("finds the nearest faces as plain loops do, of other clips, of the same and of all", async () => {
  const rows = madeUpRows(600);
  const clips = rows.map((_, i) => `clip ${Math.floor(i / 7)}`);
  const found = await nearestFaces(rows, clips, COUNTS, immediately);
  for (const [i, row] of rows.entries()) {
    const all = rows.map((other, face) => ({ face, cosine: dot(row, other) }));
    const nearest = (isWanted: (face: number) => boolean, count: number) =>
      all
        .filter(({ face }) => isWanted(face))
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, count);
    const facesOf = (list: readonly { face: number }[]) => list.map(({ face }) => face);
    const others = nearest((face) => clips[face] !== clips[i], 4);
    expect(facesOf(found.others[i]!)).toEqual(facesOf(others));
    expect(found.others[i]![0]!.cosine).toBeCloseTo(others[0]!.cosine, 3);
    const own = nearest((face) => face !== i && clips[face] === clips[i], 4);
    expect(facesOf(found.own[i]!)).toEqual(facesOf(own));
    const near = nearest((face) => face !== i, 4);
    expect(found.nearest.indices[i]).toEqual([i, ...facesOf(near)]);
    expect(found.nearest.distances[i]![0]).toBe(0);
    expect(found.nearest.distances[i]![1]).toBeCloseTo(Math.sqrt(2 - 2 * near[0]!.cosine), 2);
  }
});

it("has no neighbours to offer if all faces are of one clip, or there is one face", async () => {
  const three = await nearestFaces(madeUpRows(3), ["a", "a", "a"], COUNTS, immediately);
  expect(three.others).toEqual([[], [], []]);
  expect(three.own.map((list) => list.length)).toEqual([2, 2, 2]);
  expect((await nearestFaces(madeUpRows(1), ["a"], COUNTS, immediately)).own).toEqual([[]]);
  expect((await nearestFaces([], [], COUNTS, immediately)).others).toEqual([]);
});

it("gives UMAP what it needs: groups that are far apart stay apart", async () => {
  const rng = Random.fromSeed("groups");
  const flat = Float32Array.from({ length: 90 * WIDTH }, (_, i) =>
    Math.floor(i / WIDTH) % 3 === i % WIDTH ? 1 : 0.1 * rng.uniform(),
  );
  const rows = normalizedRows(flat, WIDTH);
  const { nearest } = await nearestFaces(
    rows,
    rows.map((_, i) => `${i}`),
    { neighbours: 1, nearest: 12 },
    immediately,
  );
  const places = await mapOf(rows, rng, immediately, nearest);
  const distance = (a: number, b: number) =>
    Math.hypot(places[a]![0]! - places[b]![0]!, places[a]![1]! - places[b]![1]!);
  const within = [3, 6, 9, 12].map((other) => distance(0, other));
  const between = [1, 2, 4, 5].map((other) => distance(0, other));
  expect(Math.max(...within)).toBeLessThan(Math.min(...between));
});
