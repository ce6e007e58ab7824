import { readFileSync, writeFileSync } from "node:fs";
import {
  AV_PIX_FMT_BGR0,
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
} from "node-av/constants";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { FrameStream, ResolvedDecodeOptions } from "../../src/decode/options.ts";
import { readFrames } from "../../src/decode/source.ts";
import type { RgbImage } from "../../src/types.ts";
import { collect, testFolder } from "../folder.ts";
import { flag, plain, writeVideo } from "../media.ts";
import { READERS } from "../readers.ts";
import { type DisplayOrientation, insertOrientation } from "../sei.ts";

const at = testFolder();
const options: ResolvedDecodeOptions = { fps: 1000, threads: 1, maxSide: 4096, strict: false };

/** Frames that grow brighter with their number, so that each can be told. */
function brightening(count: number, width = 64, height = 48): RgbImage[] {
  return Array.from({ length: count }, (_, i) => plain(width, height, [4 * i, 4 * i, 4 * i]));
}

/** Which of red, green and blue is strongest at a place given as a share of the sides. */
function hue({ width, height, data }: RgbImage, x: number, y: number): "r" | "g" | "b" {
  const i = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
  const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
  return r > g && r > b ? "r" : g > b ? "g" : "b";
}

async function only(frames: FrameStream): Promise<RgbImage> {
  const { items } = await collect(frames);
  expect(items).toHaveLength(1);
  return items[0]!;
}

describe.each(READERS)("a video read %s", (way, readVideo) => {
  test("yields every frame once, in order, with its time", async () => {
    await writeVideo(at("all.mp4"), brightening(50));
    const { items, result } = await collect(readVideo(at("all.mp4"), options));
    expect(result).toBeNull();
    expect(items.map(({ timeSeconds }) => Math.round(1000 * timeSeconds))).toEqual(
      items.map((_, i) => 40 * i),
    );
    expect(items).toHaveLength(50);
    items.forEach(({ data }, i) => {
      expect(Math.abs(data[3 * 1000]! - 4 * i)).toBeLessThanOrEqual(4);
    });
  });

  test.each([
    ["avi", "mpeg4"],
    ["mov", "libx264"],
    ["webm", "libvpx"],
    ["ts", "libx264"],
    ["gif", "gif"],
    ["h264", "libx264"],
  ])("samples .%s files alike", async (extension, encoder) => {
    const name = at(`container.${extension}`);
    const pixelFormat = extension === "gif" ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_YUV420P;
    await writeVideo(name, brightening(26), { encoder, pixelFormat });
    const { items, result } = await collect(readVideo(name, { ...options, fps: 25 / 6 }));
    expect(result).toBeNull();
    expect(items.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(items.map(({ data }) => Math.round(data[3 * 1000]! / 24))).toEqual([0, 1, 2, 3, 4]);
  });

  test("has a default for every option, and names one that is wrong", async () => {
    const path = at("defaults.mp4");
    await writeVideo(path, brightening(13));
    const { items } = await collect(readFrames({ kind: "video", path }));
    expect(items.map(({ index }) => index)).toEqual([0, 1, 2]);
    for (const [wrong, message] of [
      [{ fps: 0 }, /^fps: expected a number from 0\.01 to 1000, received 0/],
      [{ fps: "each" as "all" }, /^fps: expected a number from 0\.01 to 1000, received each/],
      [{ threads: 1.5 }, /^threads: expected a whole number from 0 to 256, received 1\.5/],
      [{ maxSide: 3 }, /^maxSide: expected a whole number from 64 to 16384, received 3/],
    ] as const)
      await expect(collect(readFrames({ kind: "video", path }, wrong))).rejects.toThrow(message);
  });

  test("samples by timestamp when the frame rate varies", async () => {
    // 20 ms apart for a second, then 100 ms.
    const timesMs = (i: number) => (i < 50 ? 20 * i : 1000 + 100 * (i - 50));
    await writeVideo(at("vfr.mkv"), brightening(60), { timesMs });
    const { items } = await collect(readVideo(at("vfr.mkv"), { ...options, fps: 5 }));
    expect(items.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(items.map(({ timeSeconds }) => Math.round(10 * timeSeconds))).toEqual([
      0, 2, 4, 6, 8, 10, 12, 14, 16, 18,
    ]);
  });

  test.each([
    ["mkv", "libx264"],
    ["webm", "libvpx"],
    ["mp4", "libx264"],
    ["ts", "libx264"],
    ["flv", "libx264"],
    ["asf", "wmv2"],
    ["nut", "mpeg4"],
    ["avi", "mpeg2video"],
    ["mpg", "mpeg2video"],
    ["ogv", "libtheora"],
  ])("counts time from the first frame, wherever the file's clock starts: .%s", async (ending, encoder) => {
    const file = at(`late.${ending}`);
    await writeVideo(file, brightening(10), { encoder, timesMs: (i) => 5000 + 40 * i });
    const { items, result } = await collect(readVideo(file, options));
    expect(items[0]!.timeSeconds).toBe(0);
    expect(items).toHaveLength(10);
    expect(result).toBeNull();
  });

  test("reads a film whose encoder leaves out what does not change", async () => {
    const still = plain(64, 48, [90, 90, 90]);
    const images = [still, still, still, still, plain(64, 48, [200, 90, 90]), still];
    await writeVideo(at("still.ogv"), images, { encoder: "libtheora" });
    const { items, result } = await collect(readVideo(at("still.ogv"), { ...options, fps: "all" }));
    expect(items.length).toBeGreaterThan(1);
    expect(result).toBeNull();
  });

  test("applies the display rotation", async () => {
    // A quarter clockwise: x' = -y, y' = x.
    const displayMatrix = [0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30];
    await writeVideo(at("turned.mp4"), [flag(96, 64)], { displayMatrix });
    const image = await only(readVideo(at("turned.mp4"), options));
    expect([image.width, image.height]).toEqual([64, 96]);
    expect([hue(image, 0.95, 0.5), hue(image, 0.3, 0.2), hue(image, 0.3, 0.8)]).toEqual(["g", "r", "b"]);
  });

  describe.each(["h264", "hevc"])("applies the orientation that a stream of %s states itself", (codec) => {
    const encoder = codec === "hevc" ? "libx265" : "libx264";
    type Place = readonly [x: number, y: number];
    test.each<[DisplayOrientation, Place, Place, Place]>([
      // The stripe is on top, red to the left: where they are after the turn.
      [{ anticlockwiseDegrees: 90 }, [0.05, 0.5], [0.7, 0.8], [0.7, 0.2]],
      [{ anticlockwiseDegrees: 180 }, [0.5, 0.95], [0.8, 0.3], [0.2, 0.3]],
      [{ anticlockwiseDegrees: 270 }, [0.95, 0.5], [0.3, 0.2], [0.3, 0.8]],
      [{ anticlockwiseDegrees: 0, flipHorizontally: true }, [0.5, 0.05], [0.8, 0.7], [0.2, 0.7]],
      [{ anticlockwiseDegrees: 0, flipVertically: true }, [0.5, 0.95], [0.2, 0.3], [0.8, 0.3]],
    ])("%o", async (orientation, green, red, blue) => {
      await writeVideo(at(`plain.${codec}`), Array(5).fill(flag(96, 64)), { encoder });
      insertOrientation(at(`plain.${codec}`), at(`stated.${codec}`), orientation);
      const { items } = await collect(readVideo(at(`stated.${codec}`), options));
      expect(items).toHaveLength(5);
      for (const image of items)
        expect([hue(image, ...green), hue(image, ...red), hue(image, ...blue)]).toEqual(["g", "r", "b"]);
    });
  });

  test("applies an orientation though the frame that states it is not sampled", async () => {
    await writeVideo(at("first.h264"), Array(3).fill(flag(96, 64)));
    await writeVideo(at("second.h264"), Array(12).fill(flag(96, 64)));
    insertOrientation(at("second.h264"), at("turned.h264"), { anticlockwiseDegrees: 90 });
    writeFileSync(
      at("joined.h264"),
      Buffer.concat([readFileSync(at("first.h264")), readFileSync(at("turned.h264"))]),
    );
    const { items } = await collect(readVideo(at("joined.h264"), { ...options, fps: 5 }));
    expect(items.map(({ width, height }) => [width, height])).toEqual([[96, 64], ...Array(2).fill([64, 96])]);
  });

  // Before version 8 the program does not read animated WebP.
  test.each(["gif", ...(way === "by the program" ? [] : ["webp"]), "apng"])(
    "reads an animation, each picture at its own time: .%s",
    async (ending) => {
      const delaysMs = [80, 200, 40, 120];
      const startsMs = [0, 80, 280, 320];
      const pictures = [40, 100, 160, 220].map((grey) => plain(32, 24, [grey, grey, grey]));
      const file = at(`moving.${ending}`);
      if (ending === "apng")
        await writeVideo(file, pictures, {
          encoder: "apng",
          pixelFormat: AV_PIX_FMT_RGB24,
          timesMs: (i) => startsMs[i]!,
        });
      else {
        const raw = { width: 32, height: 24 * 4, channels: 3, pageHeight: 24 } as const;
        const stacked = sharp(Buffer.concat(pictures.map(({ data }) => data)), { raw });
        await (ending === "gif"
          ? stacked.gif({ delay: delaysMs })
          : stacked.webp({ delay: delaysMs, lossless: true })
        ).toFile(file);
      }
      const { items, result } = await collect(readVideo(file, { ...options, fps: "all" }));
      expect(items.map(({ timeSeconds }) => Math.round(1000 * timeSeconds))).toEqual(startsMs);
      for (const [i, { data }] of items.entries()) expect(Math.abs(data[0]! - (40 + 60 * i))).toBeLessThan(6);
      expect(result).toBeNull();
    },
  );

  test("time never runs backwards, though films were joined with an overlap", async () => {
    await writeVideo(at("one.ts"), brightening(6));
    await writeVideo(at("other.ts"), brightening(12));
    const joined = Buffer.concat([readFileSync(at("one.ts")), readFileSync(at("other.ts"))]);
    writeFileSync(at("joined.ts"), joined);
    const { items } = await collect(readVideo(at("joined.ts"), { ...options, fps: "all" }));
    const times = items.map(({ timeSeconds }) => timeSeconds);
    expect(times.length).toBeGreaterThan(16);
    for (const [i, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(times[i - 1] ?? 0);
    expect(times.at(-1)).toBeCloseTo(0.44, 2);
  });

  test("makes pixels square", async () => {
    await writeVideo(at("wide.mp4"), [flag(96, 64)], { pixelAspect: { num: 4, den: 3 } });
    const image = await only(readVideo(at("wide.mp4"), options));
    expect([image.width, image.height]).toEqual([128, 64]);
    expect([hue(image, 0.4, 0.6), hue(image, 0.6, 0.6)]).toEqual(["r", "b"]);
  });

  test("reads odd sizes, one-pixel frames and frames that must be reduced", async () => {
    const sizes: [number, number][] = [
      [63, 47],
      [1, 1],
      [33, 1],
      [400, 100],
    ];
    for (const [width, height] of sizes) {
      await writeVideo(at("size.mkv"), [plain(width, height, [200, 40, 40])], {
        encoder: "ffv1",
        pixelFormat: AV_PIX_FMT_BGR0,
      });
      const { items } = await collect(readVideo(at("size.mkv"), { ...options, maxSide: 200 }));
      const scale = Math.min(1, 200 / width);
      expect(items.map((item) => [item.width, item.height])).toEqual([[width * scale, height * scale]]);
      expect(Array.from(items[0]!.data.subarray(0, 3))).toEqual([200, 40, 40]);
    }
  });

  test("reads every column of frames of any width, reduced or not", async () => {
    for (let width = 848; width < 880; width += 2) {
      await writeVideo(at("width.mp4"), [plain(width, 16, [250, 250, 250])]);
      for (const maxSide of [4096, width - 100, width - 101]) {
        const { items } = await collect(readVideo(at("width.mp4"), { ...options, maxSide }));
        const darkest = items[0]!.data.reduce((least, value) => Math.min(least, value));
        expect([width, maxSide, darkest > 240]).toEqual([width, maxSide, true]);
      }
    }
  });

  test("converts 10-bit, grey and palette pixels", async () => {
    await writeVideo(at("deep.mkv"), [plain(64, 64, [180, 60, 60])], { pixelFormat: AV_PIX_FMT_YUV420P10LE });
    await writeVideo(at("grey.mkv"), [plain(64, 64, [90, 90, 90])], {
      encoder: "ffv1",
      pixelFormat: AV_PIX_FMT_GRAY8,
    });
    const { data } = flag(64, 64);
    await sharp(data, { raw: { width: 64, height: 64, channels: 3 } })
      .png({ palette: true })
      .toFile(at("palette.png"));
    const deep = await only(readVideo(at("deep.mkv"), options));
    expect(Math.abs(deep.data[0]! - 180) + Math.abs(deep.data[1]! - 60)).toBeLessThan(10);
    const grey = await only(readVideo(at("grey.mkv"), options));
    expect(Math.abs(grey.data[0]! - 90)).toBeLessThan(6);
    expect(grey.data[1]).toBe(grey.data[0]);
    const palette = await only(readVideo(at("palette.png"), options));
    expect([hue(palette, 0.2, 0.6), hue(palette, 0.8, 0.6), hue(palette, 0.5, 0.1)]).toEqual(["r", "b", "g"]);
  });

  test("ends with the signal's reason when aborted", async () => {
    const controller = new AbortController();
    const frames = readVideo(at("all.mp4"), { ...options, signal: controller.signal });
    await frames.next();
    controller.abort(new Error("enough"));
    await expect(frames.next()).rejects.toThrow("enough");
  });
});
