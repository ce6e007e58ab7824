import { getThreads, ops, setThreads } from "@duchenne/torch";
import { describe, expect, onTestFinished, test } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import { partPlaces } from "../../../src/ssl/views/facePlaces.ts";
import * as localWarp from "../../../src/ssl/views/localWarp.ts";
import { makeViews } from "../../../src/ssl/views/makeViews.ts";
import { build, noise, noisyBatch, POINTS, reader, settingsAt } from "./support.ts";

const SIDE = 40;
const QUADRUPLES = { clips: 3, layout: "quadruples" } as const;
const ROWS = 12;

/** A face whose parts are where faces have them, moved a little from row to row. */
function faces(rows: number): Float32Array {
  const part = (ids: number[], x: number, y: number, rx: number, ry: number) =>
    ids.map((id, i) => {
      const angle = (2 * Math.PI * i) / ids.length;
      return [id, x + rx * Math.cos(angle), y + ry * Math.sin(angle)] as const;
    });
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const points = [
    ...part(range(0, 17), 0.5, 0.5, 0.4, 0.45),
    ...part([...range(17, 22), ...range(36, 42)], 0.35, 0.35, 0.11, 0.07),
    ...part([...range(22, 27), ...range(42, 48)], 0.65, 0.35, 0.11, 0.07),
    ...part(range(27, 36), 0.5, 0.5, 0.05, 0.1),
    ...part(range(48, 68), 0.5, 0.72, 0.13, 0.05),
  ];
  const landmarks = new Float32Array(rows * POINTS * 2);
  for (let row = 0; row < rows; row++)
    for (const [id, x, y] of points) {
      landmarks[(row * POINTS + id) * 2] = SIDE * x + 0.2 * row;
      landmarks[(row * POINTS + id) * 2 + 1] = SIDE * y - 0.1 * row;
    }
  return landmarks;
}

const ALL = Uint8Array.of(1, 1, 1);
const draw = (warped = Uint8Array.of(1, 0, 1), landmarks = faces(ROWS), seed = 1) =>
  localWarp.sample(QUADRUPLES, landmarks, SIDE, warped, Random.fromSeed(seed));
const facesOf = (landmarks: Float32Array, row: number) =>
  landmarks.subarray(row * POINTS * 2, (row + 1) * POINTS * 2);

describe("sample", () => {
  test("warps the hard-negative rows of the clips that ask for it, both rows of a clip alike", () => {
    const { warps, landmarks } = draw();
    expect(warps.map((warp) => warp !== null)).toEqual(
      [0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1].map((one) => one === 1),
    );
    for (const clip of [0, 2]) {
      const { places: a, ...first } = warps[3 + clip]!;
      const { places: b, ...second } = warps[9 + clip]!;
      expect(second).toEqual(first);
      // Each about its own face, which lies 6 · 0.2 px further right.
      expect(b[0]!.x - a[0]!.x).toBeCloseTo(1.2, 4);
    }
    const before = faces(ROWS);
    for (let row = 0; row < ROWS; row++) {
      const isSame = facesOf(landmarks, row).every((value, i) => value === facesOf(before, row)[i]);
      expect(isSame).toBe(warps[row] === null);
    }
  });

  test("pairs, and batches that ask for none, stay as they are", () => {
    const landmarks = faces(ROWS);
    const pairs = localWarp.sample(
      { clips: 6, layout: "pairs" },
      landmarks,
      SIDE,
      new Uint8Array(6).fill(1),
      Random.fromSeed(1),
    );
    const none = localWarp.sample(QUADRUPLES, landmarks, SIDE, undefined, Random.fromSeed(1));
    for (const { warps, landmarks: kept } of [pairs, draw(new Uint8Array(3), landmarks), none]) {
      expect(warps).toEqual(new Array(ROWS).fill(null));
      expect(kept).toBe(landmarks);
    }
  });

  test("draws eyes and mouths, in every direction, strong enough to be another expression", () => {
    const all = Array.from({ length: 60 }, (_, seed) => draw(ALL, faces(ROWS), seed).warps[3]!);
    const mouths = all.filter(({ places }) => places.length === 1).length;
    expect(mouths).toBeGreaterThan(15);
    expect(mouths).toBeLessThan(45);
    for (const [pick, least, greatest] of [
      ["stretchX", 0.1, 0.3],
      ["stretchY", 0.4, 0.7],
      ["bend", 0.3, 0.6],
    ] as const) {
      const values = all.map((warp) => warp[pick]);
      expect(values.every((value) => Math.abs(value) >= least && Math.abs(value) <= greatest)).toBe(true);
      expect(values.some((value) => value > 0) && values.some((value) => value < 0)).toBe(true);
    }
  });

  test("a face without landmarks is warped where prepare puts it, and keeps none", () => {
    const { warps, landmarks } = draw(ALL, new Float32Array(ROWS * POINTS * 2).fill(Number.NaN));
    const { places } = warps[3]!;
    const usual = partPlaces(places.length === 1 ? "mouth" : "eyes", new Float32Array([Number.NaN]), SIDE);
    expect(places).toEqual(usual);
    expect(usual.every(({ x, y }) => x > 0.3 * SIDE && x < 0.7 * SIDE && y > 0.2 * SIDE)).toBe(true);
    expect(landmarks.every(Number.isNaN)).toBe(true);
  });
});

describe("apply", () => {
  /** One pixel at a time: the displacement once more, and bilinear interpolation with the border's pixels beyond it. */
  function plain(
    at: (image: number, channel: number, y: number, x: number) => number,
    warps: ReturnType<typeof draw>["warps"],
  ) {
    const inside = (value: number) => Math.min(SIDE - 1, Math.max(0, value));
    return (image: number, channel: number, y: number, x: number) => {
      const warp = warps[image];
      if (!warp) return at(image, channel, y, x);
      let [dx, dy] = [0, 0];
      for (const { x: cx, y: cy, halfWidth, halfHeight } of warp.places) {
        const [rx, ry] = [2.2 * halfWidth, 2.2 * Math.max(halfHeight, halfWidth / 2)];
        const rho2 = ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2;
        if (rho2 >= 1) continue;
        const w = (1 - rho2) ** 2;
        dx += w * warp.stretchX * (x - cx);
        dy += w * (warp.stretchY * (y - cy) + warp.bend * ry * (((x - cx) / halfWidth) ** 2 - 0.5));
      }
      const [fromX, fromY] = [inside(x + dx), inside(y + dy)];
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      const [right, bottom] = [inside(left + 1), inside(top + 1)];
      const [a, b] = [fromX - left, fromY - top];
      const value = (row: number, column: number) => at(image, channel, row, column);
      return (
        (1 - b) * ((1 - a) * value(top, left) + a * value(top, right)) +
        b * ((1 - a) * value(bottom, left) + a * value(bottom, right))
      );
    };
  }

  test.each([1, 2, 3, 4])("equals plain loops, seed %i", (seed) => {
    const { warps } = draw(ALL, faces(ROWS), seed);
    const images = noise(ROWS, SIDE, seed);
    const expected = build(ROWS, SIDE, plain(reader(images), warps));
    expect(localWarp.apply(images, warps)).toBeAllclose(expected, 1e-3);
  });

  test("landmarks move with the picture", () => {
    const before = faces(ROWS);
    const { warps, landmarks } = draw(ALL, before, 5);
    // Pictures of their own columns and rows: what a moved landmark shows is where it was.
    const places = build(ROWS, SIDE, (_, channel, y, x) => (channel === 0 ? x : y));
    const at = reader(localWarp.apply(places, warps));
    for (const row of [3, 4, 5, 9, 10, 11]) {
      const [from, to] = [facesOf(before, row), facesOf(landmarks, row)];
      for (let point = 0; point < POINTS; point++) {
        const [x, y] = [to[2 * point]!, to[2 * point + 1]!];
        const [left, top] = [Math.floor(x), Math.floor(y)];
        const bilinear = (channel: number) =>
          [0, 1].reduce(
            (sum, j) =>
              sum +
              [0, 1].reduce(
                (inner, i) =>
                  inner +
                  (i ? x - left : 1 - x + left) *
                    (j ? y - top : 1 - y + top) *
                    at(row, channel, top + j, left + i),
                0,
              ),
            0,
          );
        expect(Math.abs(bilinear(0) - from[2 * point]!)).toBeLessThan(0.3);
        expect(Math.abs(bilinear(1) - from[2 * point + 1]!)).toBeLessThan(0.3);
      }
    }
  });
});

test("views of warped rows are other views, the same with 1 to 4 threads, and find no false negatives", () => {
  const before = getThreads();
  onTestFinished(() => setThreads(before));
  const batch = { ...noisyBatch(SIDE, { clips: 3 }), landmarks: faces(ROWS) };
  const settings = { ...settingsAt(32), maskFn: true };
  const viewsOf = (warped: Uint8Array | undefined, threads = 1) => {
    setThreads(threads);
    return makeViews({ ...batch, ...(warped && { warped }) }, settings, Random.fromSeed(1), "cpu");
  };
  const plain = viewsOf(undefined);
  const views = viewsOf(Uint8Array.of(1, 0, 1));
  const changed = Array.from(
    { length: ROWS },
    (_, row) => !ops.equal(views.images.at(row), plain.images.at(row)),
  );
  const rows = [0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1];
  expect(changed).toEqual(rows.map((one) => one === 1));
  expect(views.hasFeature.to({ dtype: "int64" }).toArray()).toEqual(rows.map((one) => 1 - one));
  for (const threads of [2, 3, 4])
    expect(ops.equal(viewsOf(Uint8Array.of(1, 0, 1), threads).images, views.images)).toBe(true);
});
