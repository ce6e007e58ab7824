import type { MappedFace } from "duchenne/studio";
import { expect, it } from "vitest";
import { availableColourings, colourBy } from "../src/map/colouring.ts";
import { alignedTo, faceAt, faceTowards, placeFaces } from "../src/map/place.ts";

const face = (x: number, y: number, more: Partial<MappedFace> = {}): MappedFace => ({
  ...{ key: 0, x, y, timeSeconds: 0, person: null, clip: "a", split: null },
  ...{ expression: null, valence: null, arousal: null, intensity: null },
  ...more,
});

it("fits a map into its canvas with the aspect kept, a single face in the middle", () => {
  const { xs, ys } = placeFaces([face(-2, 0), face(2, 0), face(0, 1)], 448, 148);
  expect([...xs]).toEqual([24, 424, 224]);
  expect([...ys]).toEqual([24, 24, 124]);
  const alone = placeFaces([face(7, 7)], 100, 60);
  expect([alone.xs[0], alone.ys[0]]).toEqual([50, 30]);
});

it("finds the face under the pointer, and none where it is far", () => {
  const placed = placeFaces([face(0, 0), face(1, 0), face(0, 1)], 248, 248);
  expect(faceAt(placed, 26, 25, 10)).toBe(0);
  expect(faceAt(placed, 220, 30, 10)).toBe(1);
  expect(faceAt(placed, 130, 130, 10)).toBeNull();
});

it("walks to the nearest face that lies more that way than aside", () => {
  const placed = placeFaces([face(0, 0), face(2, 0.5), face(3, 0), face(1, 3)], 400, 400);
  expect(faceTowards(placed, 0, 1, 0)).toBe(1);
  expect(faceTowards(placed, 1, 1, 0)).toBe(2);
  expect(faceTowards(placed, 0, 0, 1)).toBe(3);
  expect(faceTowards(placed, 0, -1, 0)).toBeNull();
});

it("colours names apart and numbers along a ramp, and offers only what some face has", () => {
  const faces = [
    face(0, 0, { expression: "sad", valence: -1 }),
    face(1, 1, { expression: "happy", valence: 1 }),
  ];
  expect(availableColourings([...faces, face(2, 2)]).map(({ id }) => id)).toEqual([
    "expression",
    "clip",
    "valence",
    "timeSeconds",
  ]);
  const names = colourBy([...faces, face(2, 2)], "expression", (token) => token);
  expect(names.colours).toEqual(["series-2", "series-1", "muted"]);
  expect(names.legend).toMatchObject({
    kind: "classes",
    others: 0,
    classes: [{ name: "happy", count: 1 }, { name: "sad" }],
  });
  const numbers = colourBy(faces, "valence", (token) => token);
  expect(numbers.legend).toEqual({ kind: "range", low: -1, high: 1 });
  expect(new Set(numbers.colours).size).toBe(2);
  const many = colourBy(
    Array.from({ length: 30 }, (_, i) => face(i, i, { person: `p${i}` })),
    "person",
    (token) => token,
  );
  expect(new Set(many.colours).size).toBe(30);
  expect(many.legend).toMatchObject({ others: 14 });
});

it("turns and mirrors a map until it lies as another one does", () => {
  const target = [face(0, 0), face(4, 0), face(4, 1), face(0, 3)];
  const turned = target.map(({ x, y }) => face(7 + 0.6 * x + 0.8 * y, 5 + 0.8 * x - 0.6 * y)); // mirrored, too
  for (const [i, { x, y }] of alignedTo(turned, target).entries()) {
    expect(x).toBeCloseTo(target[i]!.x - 2, 6); // about its own middle
    expect(y).toBeCloseTo(target[i]!.y - 1, 6);
  }
  const same = [face(1, 1), face(1, 1)];
  expect(alignedTo(same, same)).toEqual(same);
});

it("colours a prediction as the label of that name, what is wrong in red, and errors about zero", () => {
  const faces = [
    {
      ...face(0, 0, { expression: "happy", valence: 0 }),
      predicted: "sad",
      verdict: "wrong",
      valenceError: 0.5,
    },
    { ...face(1, 1, { expression: "happy" }), predicted: "happy", verdict: "right", valenceError: -0.1 },
    face(2, 2),
  ] as const;
  expect(colourBy(faces, "expression", (token) => token).colours).toEqual(["series-1", "series-1", "muted"]);
  const predicted = colourBy(faces, "predicted", (token) => token);
  expect(predicted.colours).toEqual(["series-2", "series-1", "muted"]);
  const verdict = colourBy(faces, "verdict", (token) => token);
  expect(verdict.colours).toEqual(["bad", "good", "muted"]);
  expect(verdict.legend).toMatchObject({
    classes: [
      { name: "right", count: 1 },
      { name: "wrong", count: 1 },
    ],
  });
  expect(colourBy(faces, "valenceError", (token) => token).legend).toEqual({
    ...{ kind: "range", low: -0.5, high: 0.5 },
  });
});
