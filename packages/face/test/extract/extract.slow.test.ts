import { mkdirSync, writeFileSync } from "node:fs";
import { boxOfLandmarks, overlapOf } from "@duchenne/crop";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { readFrames } from "../../src/decode/source.ts";
import { FaceError, MediaError } from "../../src/errors.ts";
import { extractFaces, followFaces } from "../../src/extract/extract.ts";
import type { FaceCrop, FaceOptions, RgbImage } from "../../src/types.ts";
import { collect, testFolder } from "../folder.ts";
import { type DrawnFace, drawFaces, plain, writeVideo } from "../media.ts";

const at = testFolder();

/** A face wandering through three seconds at 25 Hz. */
function wandering(radius: number, count = 75): RgbImage[] {
  return Array.from({ length: count }, (_, i) =>
    drawFaces(256, 192, [{ x: 100 + i / 2, y: 95 + Math.sin(i / 8) * 6, radius }]),
  );
}

async function write(name: string, image: RgbImage): Promise<string> {
  const { width, height, data } = image;
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(at(name));
  return at(name);
}

function video(name: string, options: FaceOptions = {}) {
  return collect(extractFaces({ kind: "video", path: at(name) }, options));
}

beforeAll(async () => {
  await writeVideo(at("face.mp4"), wandering(60));
});

describe("extractFaces on a video", () => {
  test("gives a crop for every sampled frame, in order, with counts that add up", async () => {
    const { items, result } = await video("face.mp4");
    expect(items.map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(items.map(({ timeSeconds }) => Math.round(100 * timeSeconds))).toEqual(
      items.map((_, i) => 24 * i),
    );
    expect(result).toMatchObject({
      framesSampled: 13,
      framesWithFace: 13,
      framesKept: 13,
      facesKept: 13,
      tracks: 1,
      damage: null,
    });
    expect(result.seconds).toBeCloseTo(13 * 0.24, 6);
    expect(Object.values(result.skipped)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("places the face and its landmarks in the middle of each crop", async () => {
    const { items } = await video("face.mp4", { size: 96 });
    for (const { image, landmarks, square, yawDegrees } of items) {
      expect([image.width, image.height, image.data.length]).toEqual([96, 96, 96 * 96 * 3]);
      // The landmarks' box is 1 / 1.6 of the crop and a little below its middle.
      expect(
        overlapOf(boxOfLandmarks(landmarks), { left: 18, top: 23, width: 60, height: 60 }),
      ).toBeGreaterThan(0.7);
      expect(square.side).toBeGreaterThan(110);
      expect(Math.abs(yawDegrees)).toBeLessThan(15);
    }
  });

  test("gives the same crops at every run", async () => {
    const [first, second] = [await video("face.mp4"), await video("face.mp4")];
    for (const [i, { image, landmarks }] of first.items.entries()) {
      expect(Buffer.compare(image.data, second.items[i]!.image.data)).toBe(0);
      expect(landmarks).toEqual(second.items[i]!.landmarks);
    }
  });

  test("samples at another rate", async () => {
    const { items } = await video("face.mp4", { fps: 2 });
    expect(items.map(({ timeSeconds }) => Math.round(100 * timeSeconds))).toEqual([
      0, 52, 100, 152, 200, 252,
    ]);
  });

  test("counts what is too small, turned, blurred or not the largest", async () => {
    const small = await video("face.mp4", { minFacePixels: 150 });
    expect(small.result).toMatchObject({
      facesKept: 0,
      framesKept: 0,
      tracks: 0,
      framesWithFace: 13,
      skipped: { tooSmall: 13 },
    });
    expect((await video("face.mp4", { minSharpness: 900 })).result.skipped.blurred).toBe(13);
    const turned = await video("face.mp4", { maxYawDegrees: 0 });
    expect(turned.result.skipped.turned + turned.result.facesKept).toBe(13);
    expect(turned.result.skipped.turned).toBeGreaterThan(8);
    const pair: DrawnFace[] = [
      { x: 90, y: 100, radius: 70 },
      { x: 270, y: 100, radius: 50 },
    ];
    await writeVideo(
      at("pair.mp4"),
      Array.from({ length: 25 }, () => drawFaces(360, 200, pair)),
    );
    const both = await video("pair.mp4");
    expect(both.result).toMatchObject({ framesSampled: 5, facesKept: 10, tracks: 2 });
    const largest = await video("pair.mp4", { largestOnly: true });
    expect(largest.result).toMatchObject({ facesKept: 5, tracks: 1, skipped: { notLargest: 5 } });
  });

  test("counts faces of tracks that do not last", async () => {
    const empty = drawFaces(256, 192, []);
    const blink = wandering(60, 25).map((image, i) => (i < 6 ? image : empty));
    await writeVideo(at("blink.mp4"), blink);
    expect((await video("blink.mp4")).result).toMatchObject({
      facesKept: 0,
      skipped: { shortTrack: 1, noFace: 4 },
    });
    expect((await video("blink.mp4", { minTrackFrames: 1 })).result.facesKept).toBe(1);
  });

  test("goes through a video without a face", async () => {
    await writeVideo(
      at("plain.mp4"),
      Array.from({ length: 25 }, () => plain(160, 120, [90, 120, 150])),
    );
    expect((await video("plain.mp4")).result).toMatchObject({
      framesSampled: 5,
      framesWithFace: 0,
      tracks: 0,
      skipped: { noFace: 5 },
    });
  });

  test("stops when aborted", async () => {
    const controller = new AbortController();
    const faces = extractFaces({ kind: "video", path: at("face.mp4") }, {}, controller.signal);
    await faces.next();
    controller.abort(new Error("enough"));
    await expect(collect(faces)).rejects.toThrow("enough");
  });

  test("passes on the reader's errors", async () => {
    writeFileSync(at("text.mp4"), "no video");
    await expect(video("text.mp4")).rejects.toThrow(MediaError);
  });
});

describe("extractFaces on stills and frame folders", () => {
  const face = drawFaces(220, 200, [{ x: 110, y: 100, radius: 70 }]);

  async function still(image: RgbImage, options: FaceOptions = {}): Promise<FaceCrop[]> {
    return (await collect(extractFaces({ kind: "still", path: await write("still.png", image) }, options)))
      .items;
  }

  test("finds the face of a still, however short its track", async () => {
    const [crop] = await still(face, { minTrackFrames: 4 });
    expect(crop).toMatchObject({ timeSeconds: 0, frameIndex: 0, track: 0, origin: "detected" });
  });

  test("takes a cropped face as it is", async () => {
    const cropped = drawFaces(64, 64, [{ x: 32, y: 32, radius: 30 }]);
    const [crop] = await still(cropped, { detection: "whole-image", size: 64, minSharpness: 0 });
    expect(crop!.origin).toBe("given");
    expect(crop!.image.data).toEqual(cropped.data);
    expect(
      overlapOf(boxOfLandmarks(crop!.landmarks), { left: 10, top: 16, width: 45, height: 46 }),
    ).toBeGreaterThan(0.6);
  });

  test("levels the eyes when asked to", async () => {
    const raw = { width: 220, height: 200, channels: 3 } as const;
    const turned = sharp(face.data, { raw }).rotate(12, { background: "#6f7f8f" }).removeAlpha();
    const { data, info } = await turned.raw().toBuffer({ resolveWithObject: true });
    const tilted = { width: info.width, height: info.height, data: new Uint8Array(data) };
    const slope = ([crop]: FaceCrop[]) =>
      Math.abs(crop!.landmarks[2 * 45 + 1]! - crop!.landmarks[2 * 36 + 1]!);
    expect(slope(await still(tilted))).toBeGreaterThan(5);
    expect(slope(await still(tilted, { alignEyes: true }))).toBeLessThan(3);
  });

  test("reads a folder as a clip", async () => {
    mkdirSync(at("clip"));
    for (let i = 1; i <= 11; i++) await write(`clip/${i}.png`, face);
    const { items, result } = await collect(extractFaces({ kind: "frames", path: at("clip") }));
    expect(items.map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(result.tracks).toBe(1);
  });
});

describe("options", () => {
  test.each<[FaceOptions, string]>([
    [{ fps: 0 }, "fps"],
    [{ size: 12.5 }, "size"],
    [{ detectEvery: Number.NaN }, "detectEvery"],
    [{ minTrackFrames: 9 }, "minTrackFrames"],
    [{ detection: "cnn" as "hog" }, "detection"],
    [{ framesPerSecond: 3 } as FaceOptions, "option framesPerSecond"],
  ])("%j is refused by name", async (options, subject) => {
    const error = await video("face.mp4", options).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FaceError);
    expect(error).toMatchObject({ subject });
  });
});

test("memory stays flat over a video of ten minutes", async () => {
  const images = Array.from({ length: 20 }, (_, i) => drawFaces(128, 96, [{ x: 55 + i, y: 48, radius: 40 }]));
  function* tenMinutes(): Generator<RgbImage> {
    for (let i = 0; i < 3000; i++) yield images[Math.abs((i % 38) - 19)]!;
  }
  await writeVideo(at("long.mkv"), tenMinutes(), { timesMs: (i) => 200 * i });
  const faces = extractFaces({ kind: "video", path: at("long.mkv") }, { fps: 2.5 });
  const resident: number[] = [];
  let count = 0;
  for (;;) {
    const step = await faces.next();
    if (step.done) break;
    count += 1;
    if (count % 100 === 0) resident.push(process.memoryUsage().rss / 2 ** 20);
  }
  expect(count).toBeGreaterThan(1450);
  // Early growth is the heap finding its size; kept frames alone would be 100 MiB more by the end.
  expect(Math.max(...resident.slice(-4)) - Math.max(...resident.slice(3, 7))).toBeLessThan(25);
});

describe("followFaces", () => {
  const options = { fps: 25 / 6, threads: 1, maxSide: 128, strict: false };

  test("gives every frame, also those without a face, and the crops that extractFaces gives", async () => {
    const nobody = Array.from({ length: 25 }, () => plain(256, 192, [90, 90, 90]));
    await writeVideo(at("late.mp4"), [...nobody, ...wandering(60, 50)]);
    const source = { kind: "video", path: at("late.mp4") } as const;
    const whole = { ...options, maxSide: 1280 };
    const { items, result } = await collect(followFaces(readFrames(source, whole)));
    const alone = await video("late.mp4");
    expect(items.map(({ frame }) => frame.index)).toEqual(Array.from({ length: 13 }, (_, i) => i));
    expect(items.filter(({ faces }) => faces.length === 0).length).toBeGreaterThanOrEqual(4);
    expect(items.flatMap(({ faces }) => faces)).toEqual(alone.items);
    expect({ ...result, stageMilliseconds: 0 }).toEqual({ ...alone.result, stageMilliseconds: 0 });
  });

  test("says how much a frame was reduced, of films and pictures", async () => {
    const picture = await write("wide.png", drawFaces(400, 300, [{ x: 200, y: 150, radius: 100 }]));
    for (const [source, reduction] of [
      [{ kind: "video", path: at("face.mp4") }, 2],
      [{ kind: "still", path: picture }, 400 / 128],
    ] as const) {
      const { items } = await collect(followFaces(readFrames(source, options)));
      for (const { frame } of items) {
        expect(frame.width).toBe(128);
        expect(frame.reduction).toBeCloseTo(reduction, 5);
      }
    }
  });

  test("ends the frames it was given, also when it is left early", async () => {
    let ended = false;
    async function* frames(): ReturnType<typeof readFrames> {
      try {
        return yield* readFrames({ kind: "video", path: at("face.mp4") }, options);
      } finally {
        ended = true;
      }
    }
    for await (const _ of followFaces(frames())) break;
    expect(ended).toBe(true);
    ended = false;
    await expect(collect(followFaces(frames(), { size: 1 }))).rejects.toThrow(FaceError);
  });
});
