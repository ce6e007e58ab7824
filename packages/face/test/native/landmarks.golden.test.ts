/**
 * Landmarks against points that dlib itself placed (HOG without upsampling, 8-bit grey). The frames show real people
 * and are not part of the repository: DUCHENNE_GOLDEN names the
 * folder that holds them. Points of a drawn face are checked always.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { boxOfLandmarks, overlapOf } from "@duchenne/crop";
import { describe, expect, test } from "vitest";
import { readStill } from "../../src/decode/stills.ts";
import { toGrey } from "../../src/image.ts";
import { detectFaces, LandmarkModel } from "../../src/native/dlib.ts";
import type { RgbImage } from "../../src/types.ts";
import { drawFaces, featuresOf } from "../media.ts";

type Point = readonly [number, number];
interface Pair {
  readonly identity: string;
  readonly expression: string;
  readonly identityLandmarks: readonly Point[];
  readonly expressionLandmarks: readonly Point[];
}

/** Absent: nothing to compare with on this machine. Set and without the frames: an error. */
const golden = process.env.DUCHENNE_GOLDEN;
const folder = join(golden ?? "", "face_swap");

async function landmarksOf(image: RgbImage): Promise<Float32Array[]> {
  const grey = toGrey(image);
  const faces = await detectFaces(grey);
  return (await LandmarkModel.load()).place(
    grey,
    faces.map(({ box }) => box),
  );
}

if (golden) {
  const { pairs } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as { pairs: Pair[] };
  const frames = pairs.flatMap((pair): [string, readonly Point[]][] => [
    [pair.identity, pair.identityLandmarks],
    [pair.expression, pair.expressionLandmarks],
  ]);
  describe("landmarks on golden frames", () => {
    test.each(frames)("equal dlib's on %s", async (name, expected) => {
      const [landmarks] = await landmarksOf(await readStill(join(folder, name), 4096));
      expect(Array.from(landmarks!)).toEqual(expected.flat());
    });
  });
}

describe("landmarks on a drawn face", () => {
  test("lie on the face", async () => {
    const face = { x: 112, y: 112, radius: 70 };
    const [landmarks] = await landmarksOf(drawFaces(224, 224, [face]));
    expect(overlapOf(boxOfLandmarks(landmarks!), featuresOf(face))).toBeGreaterThan(0.6);
  });
});
