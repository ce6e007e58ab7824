import { existsSync } from "node:fs";
import { join } from "node:path";
import { readFrames, videoFacts } from "@duchenne/face";
import { describe, expect, test } from "vitest";
import { VideoWriter } from "../../../src/lib/video/videoWriter.ts";
import { toYuv } from "../../../src/lib/video/yuv.ts";
import { rgbOf } from "../../../src/synth/film/camera.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

const plain = (width: number, height: number, colour: readonly number[]) => {
  const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => colour[i % 4]!);
  const yuv = { width, height, data: new Uint8ClampedArray((width * height * 3) / 2) };
  toYuv(rgba, yuv);
  return yuv;
};

describe("toYuv", () => {
  test.each([[[255, 255, 255, 255]], [[0, 0, 0, 255]], [[200, 40, 90, 255]], [[10, 250, 30, 0]]])(
    "keeps the colour %o",
    (colour) => {
      const rgb = rgbOf(plain(4, 2, colour));
      for (const [i, value] of rgb.entries()) expect(Math.abs(value - colour[i % 3]!)).toBeLessThanOrEqual(2);
    },
  );
});

describe("VideoWriter", () => {
  test.each([24, 30000 / 1001, 12.5])(
    "writes films of any shape at %d frames a second",
    async (frameRateHz) => {
      const path = join(temporaryFolder(), "film.mp4");
      const writer = new VideoWriter(path, { width: 64, height: 32, frameRateHz, crf: 20 });
      // The third place stays empty, as where a frame was lost.
      for (const position of [0, 1, 3]) writer.write(plain(64, 32, [60 * position, 100, 50, 255]), position);
      expect(existsSync(path)).toBe(false);
      expect(writer.finish()).toBe(3);
      const options = { fps: frameRateHz, threads: 1, maxSide: 4096, strict: true };
      const frames = [];
      for await (const frame of readFrames({ kind: "video", path }, options)) frames.push(frame);
      expect(frames.map(({ index, width, height }) => [index, width, height])).toEqual([
        [0, 64, 32],
        [1, 64, 32],
        [3, 64, 32],
      ]);
      expect(frames.map(({ data }) => Math.round(data[0]! / 60))).toEqual([0, 1, 3]);
      expect((await videoFacts(path)).durationSeconds).toBeGreaterThan(3 / frameRateHz);
    },
  );
});
