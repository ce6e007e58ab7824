import { boxOfLandmarks } from "@duchenne/crop";
import { describe, expect, test } from "vitest";
import { toGrey } from "../../src/image.ts";
import { LandmarkModel } from "../../src/native/dlib.ts";
import { FaceTracker, type Observation } from "../../src/track/tracker.ts";
import type { GreyImage } from "../../src/types.ts";
import { type DrawnFace, drawFaces } from "../media.ts";

const model = await LandmarkModel.load();

async function track(frames: readonly GreyImage[], detectEvery = 10): Promise<Observation[][]> {
  const tracker = new FaceTracker(model, detectEvery);
  const all: Observation[][] = [];
  for (const [i, frame] of frames.entries()) all.push(await tracker.next(frame, i));
  return all;
}

function scene(width: number, height: number, faces: readonly DrawnFace[], background?: string): GreyImage {
  return toGrey(drawFaces(width, height, faces, background));
}

function tracksOf(frames: readonly Observation[][]): number[][] {
  return frames.map((frame) => frame.map(({ track: id }) => id).sort());
}

describe("FaceTracker", () => {
  test("follows a moving face as one track, detecting only now and then", async () => {
    const frames = Array.from({ length: 12 }, (_, i) =>
      scene(320, 200, [{ x: 80 + 12 * i, y: 100 + 2 * i, radius: 60 }]),
    );
    const seen = await track(frames, 6);
    expect(tracksOf(seen)).toEqual(frames.map(() => [0]));
    seen.forEach(([face], i) => {
      const box = boxOfLandmarks(face!.landmarks);
      expect(Math.abs(box.left + box.width / 2 - (80 + 12 * i))).toBeLessThan(12);
    });
    const detected = seen.filter(([face]) => face!.origin === "detected").length;
    expect(detected).toBeLessThan(4);
  });

  test("gives two faces a track each, also when they come close to each other", async () => {
    const frames = Array.from({ length: 8 }, (_, i) =>
      scene(400, 200, [
        { x: 80 + 10 * i, y: 100, radius: 55 },
        { x: 320 - 8 * i, y: 100, radius: 55 },
      ]),
    );
    const seen = await track(frames, 4);
    expect(tracksOf(seen)).toEqual(frames.map(() => [0, 1]));
    const centreOf = (faces: Observation[], id: number) => {
      const box = boxOfLandmarks(faces.find(({ track: one }) => one === id)!.landmarks);
      return box.left + box.width / 2;
    };
    const leftFirst = centreOf(seen[0]!, 0) < centreOf(seen[0]!, 1);
    for (const faces of seen) expect(centreOf(faces, 0) < centreOf(faces, 1)).toBe(leftFirst);
  });

  test("starts a track for a face that comes in later", async () => {
    const one: DrawnFace = { x: 90, y: 100, radius: 60 };
    const other: DrawnFace = { x: 300, y: 100, radius: 60 };
    const frames = Array.from({ length: 9 }, (_, i) => scene(400, 200, i < 3 ? [one] : [one, other]));
    const seen = tracksOf(await track(frames, 3));
    expect(seen[2]).toEqual([0]);
    expect(seen[8]).toEqual([0, 1]);
  });

  test("ends tracks at a scene cut, though a face is at the same place", async () => {
    const face: DrawnFace = { x: 150, y: 100, radius: 60 };
    const stripes = drawFaces(300, 200, [face], "#101010");
    for (let i = 0; i < stripes.data.length; i += 3) {
      const x = (i / 3) % 300;
      if ((x < 60 || x > 240) && Math.floor(x / 15) % 2 === 0) stripes.data.fill(250, i, i + 3);
    }
    const first = scene(300, 200, [face], "#9fb0c0");
    const second = toGrey(stripes);
    expect(tracksOf(await track([first, first, second, second]))).toEqual([[0], [0], [1], [1]]);
  });

  test("keeps the track through a fade", async () => {
    const bright = scene(300, 200, [{ x: 150, y: 100, radius: 60 }], "#c0c0c0");
    const dim = { ...bright, data: bright.data.map((value) => value * 0.55) };
    expect(tracksOf(await track([bright, bright, dim, dim]))).toEqual([[0], [0], [0], [0]]);
  });

  test("ends the track of a face that left, and takes up one that was away for a moment", async () => {
    const face = scene(300, 200, [{ x: 150, y: 100, radius: 60 }]);
    const empty = scene(300, 200, []);
    const briefly = await track([face, face, empty, face, face]);
    expect(tracksOf(briefly)).toEqual([[0], [0], [], [0], [0]]);
    const long = await track([face, ...Array.from({ length: 12 }, () => empty), face]);
    expect(tracksOf(long).slice(1)).toEqual([...Array.from({ length: 12 }, () => []), [1]]);
  });

  test("follows a face through frames of changing size", async () => {
    const small = scene(240, 160, [{ x: 120, y: 80, radius: 50 }]);
    const large = scene(360, 240, [{ x: 180, y: 120, radius: 75 }]);
    expect(tracksOf(await track([small, large, small]))).toEqual([[0], [0], [0]]);
    const dot = { width: 1, height: 1, data: Uint8Array.of(90) };
    expect(tracksOf(await track([small, dot, dot, small])).slice(1, 3)).toEqual([[], []]);
  });

  test("finds nothing in plain and one-pixel frames", async () => {
    const dot = { width: 1, height: 1, data: Uint8Array.of(3) };
    expect(tracksOf(await track([scene(200, 100, []), dot]))).toEqual([[], []]);
  });
});
