import {
  AV_PIX_FMT_YUV411P,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV422P10LE,
} from "node-av/constants";
import { describe, expect, test } from "vitest";
import type { RgbImage } from "../../src/types.ts";
import { collect, testFolder } from "../folder.ts";
import { plain, weave, writeVideo } from "../media.ts";
import { READERS } from "../readers.ts";

const at = testFolder();
const options = { fps: 1000, threads: 1, maxSide: 4096, strict: true };

/** A white bar that goes to the right by `step` pixels a picture. */
function movingBar(count: number, width: number, height: number, step = 4): RgbImage[] {
  return Array.from({ length: count }, (_, i) => {
    const image = plain(width, height, [30, 30, 30]);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < 24; x++) image.data.set([230, 230, 230], 3 * (y * width + 40 + step * i + x));
    return image;
  });
}

/** Difference of neighbouring lines, summed over a line, which is large where fields of two moments are side by side. */
function combing({ width, height, data }: RgbImage): number {
  let sum = 0;
  for (let y = 8; y < height - 8; y++)
    for (let x = 0; x < width; x++)
      sum += Math.abs(data[3 * (y * width + x)]! - data[3 * ((y + 1) * width + x)]!);
  return sum / height;
}

describe.each(READERS)("interlaced films, read %s", (_, readVideo) => {
  test.each([
    ["mpeg2.mpg", "mpeg2video", AV_PIX_FMT_YUV420P, 320, 240],
    ["mpeg2-422.mkv", "mpeg2video", AV_PIX_FMT_YUV422P, 320, 240],
    ["h264.mp4", "libx264", AV_PIX_FMT_YUV420P, 320, 240],
    ["h264.ts", "libx264", AV_PIX_FMT_YUV420P, 320, 240],
    ["prores.mov", "prores_ks", AV_PIX_FMT_YUV422P10LE, 320, 240],
    ["dv.avi", "dvvideo", AV_PIX_FMT_YUV420P, 720, 576],
    ["dv-ntsc.avi", "dvvideo", AV_PIX_FMT_YUV411P, 720, 480],
  ])(
    "%s: each frame shows one moment, at its own time",
    async (name, encoder, pixelFormat, width, height) => {
      const rate = height === 480 ? 30_000 / 1001 : 25;
      const timesMs = (i: number) => Math.round((1000 * i) / rate);
      await writeVideo(at(name), movingBar(20, width, height), {
        encoder,
        pixelFormat,
        interlaced: true,
        timesMs,
        frameRate: rate,
      });
      const { items, result } = await collect(readVideo(at(name), options));
      expect(items).toHaveLength(10);
      expect(result).toBeNull();
      for (const [i, item] of items.entries()) {
        expect(item.timeSeconds).toBeCloseTo(i / rate, 2);
        expect(combing(item)).toBeLessThan(500);
      }
    },
  );

  test("would show two moments, were the fields left side by side", () => {
    const [frame] = weave(movingBar(2, 320, 240));
    expect(combing(frame!)).toBeGreaterThan(1000);
  });

  test("a progressive film is read as it is", async () => {
    await writeVideo(at("progressive.mp4"), movingBar(6, 320, 240), {});
    const { items } = await collect(readVideo(at("progressive.mp4"), options));
    for (const [i, { data, width }] of items.entries())
      expect([
        data[3 * (100 * width + 42 + 4 * i)]! > 200,
        data[3 * (100 * width + 34 + 4 * i)]! < 60,
      ]).toEqual([true, true]);
  });

  test.each([
    [2, 2],
    [64, 2],
  ])("films too small for the filter are read all the same: %i x %i", async (width, height) => {
    const images = Array.from({ length: 4 }, () => plain(width, height, [90, 90, 90]));
    await writeVideo(at("small.mkv"), images, { encoder: "ffv1", interlaced: true });
    expect((await collect(readVideo(at("small.mkv"), options))).items).toHaveLength(2);
  });
});
