import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { FaceFollower, type Frame } from "../src/mirror/faceFollower.ts";
import type { FaceNetworks } from "../src/mirror/faceNetworks.ts";

beforeAll(() => {
  const Canvas = class {
    width = 0;
    height = 0;
    getContext = () => ({ drawImage: () => {} });
  };
  vi.stubGlobal("OffscreenCanvas", Canvas);
});
afterAll(() => void vi.unstubAllGlobals());

const FRAME = { picture: {}, width: 480, height: 270 } as Frame;

/** A follower of a film without a face. @returns the widths that the detector was given */
async function widthsOf(frames: number, frameMs: number, isStill: boolean): Promise<number[]> {
  const widths: number[] = [];
  const networks: FaceNetworks = {
    backend: "wasm",
    detect: async ({ width }) => {
      widths.push(width);
      return [];
    },
    placeLandmarks: async () => new Float32Array(136),
  };
  const follower = new FaceFollower(networks);
  const clock = vi.spyOn(performance, "now");
  for (let frame = 0; frame < frames; frame++) {
    clock.mockReturnValue(1000 + frame * frameMs);
    expect(await follower.next(FRAME, isStill)).toEqual([]);
  }
  clock.mockRestore();
  return widths;
}

it("looks for small faces four times a second, because that takes longer than a frame", async () => {
  const few = Array.from({ length: 7 }, () => 224);
  expect(await widthsOf(10, 33, false)).toEqual([224, 416, ...few, 224, 416, 224]);
});

it("looks for small faces in every frame of a slow machine, and in every one that stands still", async () => {
  const both = [224, 416, 224, 416, 224, 416];
  expect(await widthsOf(3, 400, false)).toEqual(both);
  expect(await widthsOf(3, 33, true)).toEqual(both);
});
