import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { readFrames, videoFacts } from "@duchenne/face";
import { describe, expect, test } from "vitest";
import type { FilmWriter, VideoOptions } from "../../../src/lib/video/film.ts";
import { InProcessWriter } from "../../../src/lib/video/inProcessWriter.ts";
import { FilmError, ProgramWriter } from "../../../src/lib/video/programWriter.ts";
import { loadVideoWriter, VideoWriter } from "../../../src/lib/video/videoWriter.ts";
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

const WRITERS: readonly (readonly [string, new (path: string, options: VideoOptions) => FilmWriter])[] = [
  ["FFmpeg in the process", InProcessWriter],
  ["the program ffmpeg", ProgramWriter],
];

describe.each(WRITERS)("%s", (_, Writer) => {
  test.each([24, 30000 / 1001, 12.5])(
    "writes films of any shape at %d frames a second",
    async (frameRateHz) => {
      const path = join(temporaryFolder(), "film.mp4");
      const writer = new Writer(path, { width: 64, height: 32, frameRateHz, crf: 20 });
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

  test("shows each frame at its own time", async () => {
    const path = join(temporaryFolder(), "film.mp4");
    const ticks = [0, 3003, 9000, 9001, 90_000];
    const writer = new Writer(path, {
      width: 64,
      height: 32,
      frameRateHz: 30,
      ticksPerSecond: 90_000,
      crf: 20,
    });
    for (const tick of ticks) writer.write(plain(64, 32, [90, 100, 50, 255]), tick);
    expect(writer.finish()).toBe(5);
    expect(await timesOf(path)).toEqual(ticks.map((tick) => Math.round((1e6 * tick) / 90_000)));
  });

  test("leaves nothing of a film that is given up", () => {
    const folder = temporaryFolder();
    const writer = new Writer(join(folder, "film.mp4"), { width: 64, height: 32, frameRateHz: 25, crf: 20 });
    writer.write(plain(64, 32, [90, 100, 50, 255]));
    writer.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** Microseconds. */
async function timesOf(path: string): Promise<number[]> {
  const times = [];
  const options = { fps: "all", threads: 1, maxSide: 4096, strict: true } as const;
  for await (const { timeSeconds } of readFrames({ kind: "video", path }, options))
    times.push(Math.round(1e6 * timeSeconds));
  return times;
}

test("a long film is encoded in parts that fit together", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "film.mp4");
  const writer = new ProgramWriter(path, {
    width: 640,
    height: 480,
    frameRateHz: 25,
    ticksPerSecond: 90_000,
    crf: 30,
  });
  const ticks = Array.from({ length: 160 }, (_, i) => 3600 * i + (i % 3));
  for (const [i, tick] of ticks.entries()) writer.write(plain(640, 480, [i, 100, 50, 255]), tick);
  expect(writer.finish()).toBe(160);
  const times = await timesOf(path);
  expect(times).toHaveLength(160);
  for (const [i, time] of times.entries())
    expect(Math.abs(time - (1e6 * ticks[i]!) / 90_000)).toBeLessThan(100);
  expect(readdirSync(folder)).toEqual(["film.mp4"]);
});

function caught(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("ffmpeg's reason is in the error", () => {
  const writer = new ProgramWriter("/nowhere/film.mp4", { width: 64, height: 32, frameRateHz: 25, crf: 20 });
  writer.write(plain(64, 32, [90, 100, 50, 255]));
  const error = caught(() => writer.finish());
  expect(error).toBeInstanceOf(FilmError);
  expect(String(error)).toContain("No such file or directory. Check the folder");
});

test("node-av writes where it is loaded", async () => {
  await loadVideoWriter();
  const path = join(temporaryFolder(), "film.mp4");
  const writer = new VideoWriter(path, { width: 64, height: 32, frameRateHz: 25, crf: 20 });
  writer.write(plain(64, 32, [90, 100, 50, 255]));
  expect(readdirSync(dirname(path))).toEqual([expect.stringMatching(/unfinished\.mp4$/)]);
  expect(writer.finish()).toBe(1);
});
