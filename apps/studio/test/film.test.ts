import { expect, it } from "vitest";
import { FilmRecord, tracksOf } from "../src/mirror/film.ts";
import type { Sight } from "../src/mirror/watcher.ts";

const SIZE = { width: 100, height: 100, reduction: 2 } as const;

/** A frame with a face in the box of each corner given. */
function sightAt(seconds: number, faces: readonly (readonly [id: number, left: number])[]): Sight {
  return {
    ...{ ...SIZE, seconds, view: undefined, picture: {} as ImageBitmap },
    speed: { framesPerSecond: 0, findingMs: 0, predictingMs: 0 },
    faces: faces.map(([id, left]) => ({
      id,
      landmarks: Float32Array.from({ length: 136 }, (_, i) => (i % 2 === 0 ? left : 0) + ((i >> 1) % 2) * 10),
      prediction: { embedding: new Float32Array(1) },
    })),
  };
}

it("recalls who was where at about a time, in pixels of the film", () => {
  const record = new FilmRecord();
  record.add(sightAt(1, [[0, 10]]));
  record.add(
    sightAt(2, [
      [0, 20],
      [1, 60],
    ]),
  );
  expect(record.near(1.1)).toEqual([{ id: 0, box: expect.objectContaining({ left: 20, width: 20 }) }]);
  expect(record.near(1.9).map(({ id, box }) => [id, box.left])).toEqual([
    [0, 40],
    [1, 120],
  ]);
  expect(record.near(5)).toEqual([]);
  expect(record.nextId).toBe(2);
});

it("numbers frames by their time, and has a frame that is seen again once", () => {
  const record = new FilmRecord();
  for (const frame of [0, 1, 2, 1]) record.add(sightAt(frame / 25, [[0, frame]]));
  expect(record.rows().map(({ frame, box }) => [frame, box.left])).toEqual([
    [0, 0],
    [1, 2],
    [2, 4],
  ]);
});

it.each([
  ["25 frames a second, of which few were looked at", 25, [0, 4, 9, 12, 18], 1],
  ["times in whole milliseconds", 30, [0, 3, 7, 12, 17, 24, 31], 1e-3],
  ["a variable rate, by the shortest step", 20, [0, 2, 3.31, 5.87, 7.9], 1e-4],
])("knows how long a frame is from %s", (_, rate, frames, rounding) => {
  const record = new FilmRecord();
  const times = frames.map((frame) =>
    rounding < 1 ? Math.round(frame / rate / rounding) * rounding : frame / rate,
  );
  for (const time of times) record.add(sightAt(time, [[0, 0]]));
  expect(record.frameSeconds).toBeCloseTo(rate === 20 ? 1.31 / 20 : 1 / rate, 3);
});

it("lists the people of a film by their numbers, whoever is seen first", () => {
  const record = new FilmRecord();
  record.add(sightAt(1, [[2, 10]]));
  record.add(sightAt(0, [[10, 10]]));
  record.add(sightAt(2, [[0, 10]]));
  expect(tracksOf(record.rows())).toEqual([0, 2, 10]);
});
