/** Tracks stay with one person, and every face is found. The people are synthetic actors. */
import { describe, expect, it } from "vitest";
import {
  actorsByTrack,
  frameWith,
  headOver,
  type MadeFrame,
  type Place,
  SIDE,
  sightings,
} from "./drawnPeople.ts";

const range = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const whole = (actor: number): Place => ({ actor, x: 0, y: 0, side: SIDE });

/** Actor `a` alone, for some frames. */
const alone = (a: number, count: number): MadeFrame[] =>
  range(count, (i) => frameWith(SIDE, SIDE, i, [whole(a)]));
/** Head `b` over the last frame of `a`. */
const over = (a: number, b: number, count: number, x = 0): MadeFrame[] =>
  range(count, (i) => headOver(frameWith(SIDE, SIDE, 7, [whole(a)]), i, { ...whole(b), x }));
/** A picture that is partly the one, partly the other, with nobody's face for sure. */
function mixed(one: MadeFrame, other: MadeFrame, share: number): MadeFrame {
  const data = one.image.data.map((value, i) => value + share * (other.image.data[i]! - value));
  return { image: { ...one.image, data }, places: [] };
}

/** Actor `a` alone, then so many frames in which `b`, or the head of `b`, comes through, then `b`. */
const dissolve = (a: number, b: number, count: number, headAlone: boolean): MadeFrame[] => {
  const ending = headAlone ? over(a, b, count + 7) : alone(b, count + 7);
  const last = alone(a, 9 + count).slice(9);
  const through = last.map((one, i) => mixed(one, ending[i]!, (i + 1) / (count + 1)));
  return [...alone(a, 9), ...through, ...ending.slice(count)];
};

/** One in a large room, nobody for some frames, then another at the same place. */
const inRoom = (a: number, gap: number, b: number): MadeFrame[] => {
  const one = (actor: number) =>
    range(7, (i) => frameWith(640, 360, i, [{ actor, x: 200, y: 90, side: 180 }]));
  return [...one(a), ...range(gap, () => frameWith(640, 360, 0, [])), ...one(b)];
};

/** Actor `a` to the right and `b` to the left, in front. */
const crossing = (a: number, b: number, frames: number): MadeFrame[] =>
  range(frames, (i) => {
    const step = Math.round((380 * i) / (frames - 1));
    return frameWith(640, SIDE, i, [
      { actor: a, x: step, y: 28, side: 200 },
      { actor: b, x: 420 - step, y: 28, side: 200 },
    ]);
  });

/** Both side by side; then each in the other's place. */
const tiles = (a: number, b: number): MadeFrame[] =>
  range(14, (i) => {
    const [left, right] = i < 7 ? [a, b] : [b, a];
    return frameWith(640, 360, i, [
      { actor: left, x: 60, y: 90, side: 180 },
      { actor: right, x: 400, y: 90, side: 180 },
    ]);
  });

const JOINS: Record<string, (a: number, b: number) => MadeFrame[]> = {
  "on the same background, at the same place": (a, b) => [...alone(a, 8), ...over(a, b, 6)],
  "a little aside": (a, b) => [...alone(a, 8), ...over(a, b, 6, 18)],
  "in a dissolve of a second": (a, b) => dissolve(a, b, 4, false),
  "in a dissolve of two seconds": (a, b) => dissolve(a, b, 8, false),
  "in a dissolve of the head alone": (a, b) => dissolve(a, b, 4, true),
  "after a gap of one frame": (a, b) => inRoom(a, 1, b),
  "after a gap of six frames": (a, b) => inRoom(a, 6, b),
  "for two frames in between": (a, b) => [...alone(a, 8), ...over(a, b, 2), ...alone(a, 12).slice(8)],
  "in the last two frames": (a, b) => [...alone(a, 8), ...over(a, b, 2)],
  "crossing in front": (a, b) => crossing(a, b, 15),
  "crossing faster": (a, b) => crossing(a, b, 9),
  "in tiles that change places": tiles,
};

describe("a track does not go from one person to another", () => {
  for (const [name, make] of Object.entries(JOINS)) {
    it(`who comes ${name}`, async () => {
      for (const [a, b] of [
        [0, 1],
        [2, 3],
        [4, 5],
        [7, 6],
      ] as const) {
        const tracks = await actorsByTrack(make(a, b));
        for (const actors of tracks) expect(actors, `actors ${a} and ${b}`).toHaveLength(1);
        expect(new Set(tracks.flat()), `actors ${a} and ${b}`).toEqual(new Set([a, b]));
      }
    });
  }

  it("and stays one track while the person stays, in changing light too", async () => {
    for (const actor of [0, 3, 8]) {
      const frames = alone(actor, 30);
      expect(await actorsByTrack(frames)).toEqual([[actor]]);
      const dimmed = frames.map(({ image, places }, i) => ({
        places,
        image: { ...image, data: image.data.map((value) => value * (i < 10 ? 1 : i < 20 ? 0.55 : 0.8)) },
      }));
      expect(await actorsByTrack(dimmed)).toEqual([[actor]]);
    }
  });
});

/** Side of an actor's square in which the face measures so many pixels from brows to chin. */
const sideFor = (facePixels: number): number => Math.round(facePixels / 0.36);

describe("every face of at least the smallest size is found", () => {
  it.each([
    ["1280 x 720", 1280, 720],
    ["640 x 480", 640, 480],
    ["4000 x 3000", 4000, 3000],
  ])("in a picture of %s, beside a large one", async (_, width, height) => {
    const small = sideFor(Math.max(40, Math.max(width, height) / 16));
    const places = range(6, (i) => ({
      ...{
        actor: 10 + i,
        x: Math.round(width * 0.02) + (i % 2) * small,
        y: Math.floor(i / 2) * small,
        side: small,
      },
    })).filter(({ y }) => y + small <= height);
    const large = Math.round(height * 0.7);
    const all = [...places, { actor: 9, x: width - large - 5, y: height - large - 5, side: large }];
    // A picture, as a film of one frame; `extractFaces` reduces pictures before, `followFaces` does not.
    const reduction = Math.max(1, Math.max(width, height) / 1280);
    const scaled = all.map((one) => ({
      ...{ actor: one.actor, x: Math.round(one.x / reduction), y: Math.round(one.y / reduction) },
      side: Math.round(one.side / reduction),
    }));
    const found = await sightings([
      frameWith(Math.round(width / reduction), Math.round(height / reduction), 0, scaled),
    ]);
    expect([...found.keys()].sort((a, b) => a - b)).toEqual(
      all.map(({ actor }) => actor).sort((a, b) => a - b),
    );
  });

  it.each([
    [640, 360, 20],
    [640, 360, 13],
    [1280, 720, 26],
  ])(
    "in a film of %i x %i, within 2.4 s after it entered beside a large one",
    async (width, height, entry) => {
      const large: Place = { actor: 2, x: width / 2, y: 20, side: Math.round(0.8 * height) };
      const side = sideFor(width / 15);
      const small: Place = { actor: 11, x: 25, y: height - side, side };
      const frames = range(entry + 20, (i) =>
        frameWith(width, height, i % 33, i < entry ? [large] : [large, small]),
      );
      const found = await sightings(frames);
      expect(found.get(2)!.count).toBe(frames.length);
      const { first, count } = found.get(11)!;
      expect(first).toBeLessThanOrEqual(entry + 10);
      expect(count).toBe(frames.length - first);
    },
  );
});
