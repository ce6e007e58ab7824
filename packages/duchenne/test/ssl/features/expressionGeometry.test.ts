import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { FrameStore } from "../../../src/data/store/index.ts";
import { ExpressionGeometry, GEOMETRY_LENGTH } from "../../../src/ssl/features/expressionGeometry.ts";
import { numberPersons } from "../../../src/ssl/sampling/identityPool.ts";
import { frame, OPTIONS, temporaryFolder } from "../../data/store/synthetic.ts";

const SIDE = OPTIONS.size;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** What makes a face. */
interface Pose {
  /** The resting shape: how far the eyes are apart, in shares of the usual distance. */
  readonly wide: number;
  /** The expression: how far the mouth is open, and how high the left brow is, in shares of the side. */
  readonly open: number;
  readonly brow?: number;
  readonly radians?: number;
  readonly scale?: number;
  readonly mirrored?: boolean;
}

/** [68 · 2] pixels of a plain face in dlib's order. */
function face({ wide, open, brow = 0, radians = 0, scale = 1, mirrored = false }: Pose): Float32Array {
  const half: [x: number, y: number][] = [
    ...range(0, 8).map((i): [number, number] => [-0.4 + 0.04 * i, -0.1 + 0.06 * i]),
    ...range(0, 5).map((i): [number, number] => [wide * (-0.3 + 0.05 * i), -0.25 - 0.01 * i * (4 - i)]),
    ...range(0, 2).map((i): [number, number] => [-0.06 + 0.03 * i, 0.1]),
    ...[0, 1, 2, 3, 4, 5].map((i): [number, number] => [
      wide * (-0.18 - 0.07 * Math.cos((i * Math.PI) / 3)),
      -0.12 - 0.03 * Math.sin((i * Math.PI) / 3),
    ]),
  ];
  const [jaw, brows, nostrils, eye] = [
    half.slice(0, 8),
    half.slice(8, 13),
    half.slice(13, 15),
    half.slice(15),
  ];
  const other = ([x, y]: [number, number]): [number, number] => [-x, y];
  const lips = (count: number, x: number, y: number): [number, number][] =>
    range(0, count).map((i) => {
      const angle = (2 * Math.PI * i) / count;
      return [-x * Math.cos(angle), 0.25 - y * Math.sin(angle)];
    });
  const rightEye = [3, 2, 1, 0, 5, 4].map((i) => other(eye[i]!));
  const points = [
    ...[...jaw, [0, 0.4] as [number, number], ...[...jaw].reverse().map(other)],
    ...[...brows.map(([x, y]): [number, number] => [x, y - brow]), ...[...brows].reverse().map(other)],
    ...range(0, 4).map((i): [number, number] => [0, -0.1 + 0.05 * i]),
    ...[...nostrils, [0, 0.11] as [number, number], ...[...nostrils].reverse().map(other)],
    ...[...eye, ...rightEye],
    ...[...lips(12, 0.15, 0.05 + open), ...lips(8, 0.1, 0.01 + open)],
  ];
  const [c, s] = [scale * Math.cos(radians), scale * Math.sin(radians)];
  const placed = points.map(([x, y]) => [
    SIDE * (0.5 + (mirrored ? -1 : 1) * (c * x - s * y)),
    SIDE * (0.5 + s * x + c * y),
  ]);
  return Float32Array.from((mirrored ? MIRROR.map((i) => placed[i]!) : placed).flat());
}

/** In dlib's order, the point that a mirrored picture's detector finds in each place. */
const MIRROR = [
  ...[...range(0, 17).reverse(), ...range(17, 27).reverse(), ...range(27, 31), ...range(31, 36).reverse()],
  ...[45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40],
  ...[54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65],
];

const NO_FACE = new Float32Array(136).fill(Number.NaN);

/** A store of people with a clip each, of faces as given. */
async function geometryOf(
  people: readonly (readonly Float32Array[])[],
): Promise<ExpressionGeometry | undefined> {
  const writer = FrameStore.create(join(temporaryFolder(), "store"), OPTIONS);
  people.forEach((faces, person) => {
    const frames = faces.map((landmarks, i) => ({ ...frame(10 * person + i), landmarks }));
    writer.append([
      {
        ...{ id: `person${person}/0`, person: `person${person}`, split: null, kind: "video" },
        ...{
          frameRateHz: OPTIONS.frameRateHz,
          framesSampled: frames.length,
          tracks: [{ frames }],
          skipped: {},
        },
      },
    ]);
  });
  writer.finish();
  await writer.close();
  const store = FrameStore.open(writer.path);
  onTestFinished(() => store.close());
  const clips = store.clips();
  return ExpressionGeometry.of(store, clips, numberPersons(clips));
}

/** 40 frames of a person whose mouth opens and closes. */
const talking = (wide: number) => range(0, 40).map((i) => face({ wide, open: 0.02 + 0.02 * Math.sin(i) }));

let geometry: ExpressionGeometry;
beforeEach(async () => {
  geometry = (await geometryOf([talking(1), talking(1.25), [...talking(0.85), NO_FACE]]))!;
});

const describeFace = (pose: Pose, person: number): number[] => [
  ...geometry.describe({ landmarks: face(pose), persons: [person] }).values,
];
const distance = (a: readonly number[], b: readonly number[]) =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);

test("where a face is, how large, how it is turned, and whether it is mirrored do not matter", () => {
  const plain = { wide: 1, open: 0.04, brow: 0.03 };
  const expected = describeFace(plain, 0);
  for (const changed of [
    { radians: 0.4 },
    { scale: 0.6 },
    { mirrored: true },
    { mirrored: true, radians: -0.2 },
  ])
    expect(distance(describeFace({ ...plain, ...changed }, 0), expected)).toBeLessThan(1e-3);
});

test("the resting shape is taken away: one expression of two people is nearer than two of one person", () => {
  const [open, closed] = [0.04, 0];
  const other = distance(describeFace({ wide: 1, open }, 0), describeFace({ wide: 1.25, open }, 1));
  const own = distance(describeFace({ wide: 1, open }, 0), describeFace({ wide: 1, open: closed }, 0));
  expect(other).toBeLessThan(own / 2);
  // As faces of one person they would be further apart than the expressions.
  const mistaken = distance(describeFace({ wide: 1, open }, 0), describeFace({ wide: 1.25, open }, 0));
  expect(mistaken).toBeGreaterThan(own);
});

test("its numbers have unit variance over the store", () => {
  const all = [1, 1.25, 0.85].map((wide, person) =>
    geometry.describe({
      landmarks: Float32Array.from(talking(wide).flatMap((one) => [...one])),
      persons: range(0, 40).map(() => person),
    }),
  );
  const values = all.flatMap((part) => [...part.values]);
  expect(values).toHaveLength(120 * GEOMETRY_LENGTH);
  expect(Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)).toBeCloseTo(1, 4);
});

test("a face without landmarks has no geometry, and zeros in its place", () => {
  const landmarks = Float32Array.of(...NO_FACE, ...face({ wide: 0.85, open: 0.03 }));
  const { values, has } = geometry.describe({ landmarks, persons: [2, 2] });
  expect([...has]).toEqual([0, 1]);
  expect(values.subarray(0, GEOMETRY_LENGTH).every((value) => value === 0)).toBe(true);
  expect(values.every(Number.isFinite)).toBe(true);
});

test("a store in which no face has landmarks has none", async () => {
  expect(await geometryOf([[NO_FACE, NO_FACE]])).toBeUndefined();
});
