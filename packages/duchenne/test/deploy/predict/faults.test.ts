import { FaceError, type FaceOptions } from "@duchenne/face";
import type { Model } from "@duchenne/predict";
import { beforeAll, expect, test, vi } from "vitest";
import { predictVideos } from "../../../src/deploy/predict/predictVideos.ts";
import { faceImage, lastingFolder, makeFilm } from "./fixture.ts";

let failing = "";
vi.mock("@duchenne/face", async (original) => {
  const face = await original<typeof import("@duchenne/face")>();
  return {
    ...face,
    readFrames: (source: { path: string }, options: Parameters<typeof face.readFrames>[1]) => {
      current = source.path;
      return face.readFrames(source as never, options);
    },
    followFaces: (frames: never, options: FaceOptions) => {
      if (current === failing) throw new FaceError("dlib", "memory for a scan", "bad allocation");
      return face.followFaces(frames, options);
    },
  };
});
let current = "";

const root = lastingFolder();
let [film, picture] = ["", ""];
beforeAll(async () => {
  film = await makeFilm(root);
  picture = await faceImage(film, root);
});

/** A model that says nothing. */
const model = {
  info: { faceSize: 64, faceScale: 1.6, alignEyes: false },
  view: (image: unknown) => image,
  predictCrops: async (views: unknown[]) => views.map(() => ({ embedding: new Float32Array(1) })),
} as unknown as Model;

test("a file with which dlib fails is named and left out, and the others are read", async () => {
  failing = film;
  const problems: string[] = [];
  const frames: string[] = [];
  const inputs = [
    { kind: "video", path: film },
    { kind: "still", path: picture },
  ] as const;
  const summary = await predictVideos(
    model,
    inputs,
    {},
    {
      onFrame: (path) => void frames.push(path),
      onProblem: (message) => void problems.push(message),
    },
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`left out: ${film}: expected memory for a scan, received bad allocation`);
  expect(frames).toEqual([picture]);
  expect(summary).toMatchObject({ frames: 1, unreadable: 1 });
});
