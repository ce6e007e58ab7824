import { describe, expect, test } from "vitest";
import { type Appearance, appearanceOf, unlikeness } from "../../src/track/appearance.ts";
import { Identity } from "../../src/track/identity.ts";
import { drawFaces } from "../media.ts";

/** Landmarks where a drawn face has eyes, nose and mouth; the others do not matter here. */
function landmarksOf(x: number, y: number, radius: number): Float32Array {
  const points = new Float32Array(136);
  const put = (from: number, to: number, dx: number, dy: number) => {
    for (let i = from; i < to; i++) points.set([x + (dx * radius) / 100, y + (dy * radius) / 100], 2 * i);
  };
  put(36, 42, -30, -20);
  put(42, 48, 30, -20);
  put(30, 36, 0, 24);
  put(48, 60, 0, 52);
  return points;
}

interface Person {
  readonly shift: number;
  readonly tint: readonly [number, number, number];
  /** Of 200 rows, those of a fringe and of a beard. */
  readonly isHairy: (row: number) => boolean;
}
const ANN: Person = { shift: 0, tint: [1, 1, 1], isHairy: () => false };
/** Darker, with a fringe and a beard, and everything in the face lies lower. */
const BOB: Person = { shift: 14, tint: [0.55, 0.45, 0.4], isHairy: (row) => row < 72 || row > 138 };
const HAIR = 0.25;

/** A look of a person, the head moved by some pixels. */
function look({ shift, tint, isHairy }: Person, moved = 0, light = 1): Appearance {
  const image = drawFaces(200, 200, [{ x: 100 + moved, y: 100 + shift, radius: 70 }]);
  const data = image.data.map((value, i) => {
    const hair = isHairy(Math.floor(i / 600)) ? HAIR : 1;
    return value * tint[i % 3]! * hair * light;
  });
  return appearanceOf({ ...image, data }, landmarksOf(100, 100, 70), light);
}

describe("unlikeness", () => {
  test("is 0 for equal looks, small for a moved face, large for another", () => {
    expect(unlikeness(look(ANN), look(ANN))).toBe(0);
    expect(unlikeness(look(ANN), look(ANN, 6))).toBeLessThan(0.45);
    expect(unlikeness(look(ANN), look(BOB))).toBeGreaterThan(0.9);
    expect(unlikeness(look(BOB), look(ANN))).toBe(unlikeness(look(ANN), look(BOB)));
  });

  test("does not mind a change of light that the whole frame shows", () => {
    expect(unlikeness(look(ANN), look(ANN, 0, 0.5))).toBeLessThan(0.1);
    const unnoticed = { ...look(ANN, 0, 0.5), light: 1 };
    expect(unlikeness(look(ANN), unnoticed)).toBeGreaterThan(0.45);
  });

  test("counts only what lies within both frames", () => {
    const image = drawFaces(200, 200, [{ x: 100, y: 100, radius: 70 }]);
    const narrow = { width: 110, height: 200, data: new Uint8Array(110 * 200 * 3) };
    for (let y = 0; y < 200; y++) narrow.data.set(image.data.subarray(600 * y, 600 * y + 330), 330 * y);
    const whole = appearanceOf(image, landmarksOf(100, 100, 70));
    expect(unlikeness(whole, appearanceOf(narrow, landmarksOf(100, 100, 70)))).toBeLessThan(0.25);
  });

  test("takes grey frames as colour ones of three equal channels", () => {
    const grey = { width: 90, height: 80, data: Uint8Array.from({ length: 7200 }, (_, i) => (i * 7) % 251) };
    const colour = {
      ...grey,
      data: Uint8Array.from({ length: 21600 }, (_, i) => grey.data[Math.floor(i / 3)]!),
    };
    const points = landmarksOf(45, 40, 25);
    expect(appearanceOf(grey, points)).toEqual(appearanceOf(colour, points));
  });
});

const SOLE = { ann: look(ANN), bob: look(BOB) };

/** A look of which Bob has so large a share, and Ann the rest. */
function mixed(share: number): Appearance {
  const { ann, bob } = SOLE;
  return { ...ann, picture: ann.picture.map((value, i) => value + share * (bob.picture[i]! - value)) };
}

/** A look between Ann's and Bob's, as unlike Ann's as said at least. */
function doubtful(least: number): Appearance {
  const looks = [0, 1, 2].map((moved) => look(ANN, moved));
  for (let share = 0; share < 1; share += 0.005) {
    const between = mixed(share);
    if (Math.min(...looks.map((one) => unlikeness(one, between))) >= least) return between;
  }
  throw new Error(`no look is as unlike as ${least}`);
}

/** What an identity says of looks in a row; null where the face is out of sight. */
function changes(looks: readonly (Appearance | null)[]) {
  const identity = new Identity();
  const all = looks.flatMap((one, i) => identity.next(one, i).map((change) => ({ at: i, ...change })));
  return [...all, ...identity.finish().map((change) => ({ at: looks.length, ...change }))];
}

describe("Identity", () => {
  const ann = (count: number) => Array.from({ length: count }, (_, i) => look(ANN, i % 3));
  const bob = (count: number) => Array.from({ length: count }, (_, i) => look(BOB, i % 3));

  test("stays as long as the person does", () => {
    expect(changes(ann(12))).toEqual([]);
    expect(changes([...ann(4), null, null, ...ann(4)])).toEqual([]);
  });

  test("notices another person within three frames", () => {
    expect(changes([...ann(5), ...bob(6)])).toEqual([{ at: 7, first: 5, last: null }]);
    expect(changes([...ann(5), null, null, ...bob(6)])).toEqual([{ at: 9, first: 7, last: null }]);
    expect(changes([...ann(1), ...bob(6)])).toEqual([{ at: 3, first: 1, last: null }]);
  });

  test("notices one who is there for a moment, and one at the end", () => {
    expect(changes([...ann(5), ...bob(2), ...ann(4)])).toEqual([{ at: 7, first: 5, last: 6 }]);
    expect(changes([...ann(5), ...bob(1), ...ann(4)])).toEqual([{ at: 6, first: 5, last: 5 }]);
    expect(changes([...ann(5), ...bob(2)])).toEqual([{ at: 7, first: 5, last: 6 }]);
  });

  test("allows a head that turns at the end of its track more, and one that is back less", () => {
    const turned = { ...doubtful(0.65), yawDegrees: -30 };
    expect(changes([...ann(5), turned, turned])).toEqual([]);
    const cut = [{ at: 7, first: 5, last: 6 }];
    expect(changes([...ann(5), { ...turned, yawDegrees: 0 }, { ...turned, yawDegrees: 0 }])).toEqual(cut);
    expect(changes([...ann(5), turned, turned, ...ann(2)])).toEqual(cut);
    const other = { ...doubtful(0.75), yawDegrees: -30 };
    expect(changes([...ann(5), other, other])).toEqual(cut);
  });

  test.each([3, 5, 7])("notices one who comes through in %i steps, each of them small", (count) => {
    const through = Array.from({ length: count }, (_, i) => mixed((i + 1) / (count + 1)));
    const found = changes([...ann(10), ...through, ...bob(6)]);
    // The frames in between may become a track of their own.
    expect(found.length).toBeGreaterThan(0);
    for (const { last } of found) expect(last).toBeNull();
    expect(found[0]!.first).toBeGreaterThanOrEqual(10);
    const { first, at } = found.at(-1)!;
    expect(first).toBeLessThanOrEqual(10 + count);
    // Of frames before that, the crops are out.
    expect(at - first).toBeLessThanOrEqual(3);
  });

  test("stays if the light changes in small steps", () => {
    const dimming = Array.from({ length: 12 }, (_, i) => look(ANN, i % 3, 1 - i / 20));
    expect(changes([...ann(10), ...dimming])).toEqual([]);
  });

  const veiled = (value: number, share: number) => value + share * (255 - value);
  test.each([
    ["is dimmed to a half", 8, (value: number, share: number) => value * (1 - 0.5 * share)],
    ["is dimmed to a third", 12, (value: number, share: number) => value * (1 - 0.65 * share)],
    [
      "turns red",
      6,
      (value: number, share: number, colour: number) => value * (colour === 0 ? 1 : 1 - 0.6 * share),
    ],
    ["becomes a white veil", 8, (value: number, share: number) => veiled(value, 0.6 * share)],
  ] as const)("stays if the light on the face alone %s", (_, steps, inLight) => {
    const lit = (one: Appearance, share: number): Appearance => ({
      ...one,
      picture: one.picture.map((value, i) => (i % 4 === 3 ? value : inLight(value, share, i % 4))),
    });
    const changing = Array.from({ length: steps }, (_, i) => lit(look(ANN, i % 3), (i + 1) / steps));
    const after = Array.from({ length: 8 }, (_, i) => lit(look(ANN, i % 3), 1));
    expect(changes([...ann(10), ...changing, ...after])).toEqual([]);
  });

  test("notices every change of several", () => {
    const found = changes([...ann(5), ...bob(4), ...ann(4)]);
    expect(found.map(({ first, last }) => [first, last])).toEqual([
      [5, null],
      [9, null],
    ]);
  });
});
