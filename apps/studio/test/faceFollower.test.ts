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
async function widthsOf(frames: number, isStill: boolean): Promise<number[]> {
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
  for (let frame = 0; frame < frames; frame++) expect(await follower.next(FRAME, isStill)).toEqual([]);
  return widths;
}

it("looks for small faces in the first frame and in every eighth, because that takes longer than a frame", async () => {
  const few = Array.from({ length: 7 }, () => 224);
  expect(await widthsOf(10, false)).toEqual([224, 416, ...few, 224, 416, 224]);
});

it("looks for small faces in every frame that stands still", async () => {
  expect(await widthsOf(3, true)).toEqual([224, 416, 224, 416, 224, 416]);
});
