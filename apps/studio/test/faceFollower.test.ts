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

/** Two faces that are found and placed where they are. @returns their numbers, by their places */
async function idsOf(follower: (networks: FaceNetworks) => FaceFollower): Promise<number[]> {
  const boxes = [0, 200].map((left) => ({ left, top: 0, width: 100, height: 100 }));
  // In pixels of the picture that the detector gets.
  const networks: FaceNetworks = {
    backend: "wasm",
    detect: async () => boxes.map((box) => ({ ...box, left: (box.left * 224) / 480, width: 46, height: 46 })),
    placeLandmarks: async () => Float32Array.from({ length: 136 }, (_, i) => (i % 4 < 2 ? 10 : 100)),
  };
  const faces = await follower(networks).next(FRAME, true);
  return faces.sort((a, b) => a.landmarks[0]! - b.landmarks[0]!).map(({ id }) => id);
}

it("gives nobody the number of another whom it knows from before", async () => {
  const known = [{ id: 0, box: { left: 0, top: 0, width: 100, height: 100 } }];
  const knowing = (networks: FaceNetworks, nextId?: number) => {
    const follower = new FaceFollower(networks, nextId);
    follower.reset(known);
    return follower;
  };
  expect(await idsOf((networks) => knowing(networks))).toEqual([0, 1]);
  // Of numbers up to 6, one is here.
  expect(await idsOf((networks) => knowing(networks, 7))).toEqual([0, 7]);
});
