import { expect, it } from "vitest";
import { type FaceMap, packMap, unpackMap } from "../../src/studio/contract/api.ts";

const NEIGHBOURS = 12;

/** Faces with everything, with nothing, and with names of other letters. */
function mapOf(count: number): FaceMap {
  const faces = Array.from({ length: count }, (_, i) => ({
    ...{ key: 2 ** 31 + i, x: Math.sin(i), y: Math.cos(i) / 3, timeSeconds: i / 25 },
    ...{
      person: i % 3 === 0 ? null : `Zoë ${i % 40}`,
      clip: `film ${i % 7}.mp4`,
      split: i % 2 === 0 ? "train" : null,
    },
    ...{ expression: i % 5 === 0 ? null : "happy", valence: i % 5 === 0 ? null : Math.fround(0.1 * (i % 9)) },
    ...{ arousal: null, intensity: i === 1 ? 0 : null },
  }));
  const listsOf = (length: (i: number) => number) =>
    faces.map((_, i) =>
      Array.from({ length: length(i) }, (_, k) => ({
        face: (i + k) % count,
        cosine: Math.fround(Math.cos(i + k)),
      })),
    );
  return {
    step: 60,
    faces,
    neighbours: listsOf(() => NEIGHBOURS),
    ownNeighbours: listsOf((i) => i % NEIGHBOURS),
  };
}

it.each([0, 1, 97])("gives back a map of %i faces as it was", (count) => {
  const map = mapOf(count);
  expect(unpackMap(packMap(map).buffer)).toEqual(map);
});

it("takes less than a third of JSON", () => {
  const map = mapOf(2000);
  expect(packMap(map).length).toBeLessThan(JSON.stringify(map).length / 3);
});
