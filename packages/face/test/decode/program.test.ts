/** The system's ffmpeg gives the frames and times that FFmpeg in the process gives. */
import { readFileSync, writeFileSync } from "node:fs";
import { AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV444P } from "node-av/constants";
import { afterEach, describe, expect, test } from "vitest";
import { videoFacts } from "../../src/decode/facts.ts";
import type { ResolvedDecodeOptions } from "../../src/decode/options.ts";
import { passthrough, runFfprobe } from "../../src/decode/program.ts";
import { readVideoByProgram, videoFactsByProgram } from "../../src/decode/programVideo.ts";
import { readFrames } from "../../src/decode/source.ts";
import { readVideo } from "../../src/decode/video.ts";
import type { RgbImage } from "../../src/types.ts";
import { collect, testFolder } from "../folder.ts";
import { drawFaces, type VideoOptions, writeVideo } from "../media.ts";

const at = testFolder();
const ALL: ResolvedDecodeOptions = { fps: "all", threads: 1, maxSide: 4096, strict: false };

/** Levels of 255, on average and at most: versions of FFmpeg interpolate colours and fields differently. */
const MOST_DIFFERENT = { mean: 0.6, most: 120 };

/** A head that wanders over a background that has no two equal columns. */
function film(frames: number, width = 160, height = 120): RgbImage[] {
  return Array.from({ length: frames }, (_, i) => {
    const image = drawFaces(width, height, [{ x: 50 + 2 * i, y: 60, radius: 40 }]);
    for (let x = 0; x < width; x++) image.data.set([x, 255 - x, 2 * i], 3 * x);
    return image;
  });
}

/** Milliseconds of frames that come at no steady rate. */
const UNEVEN = (i: number): number => 30 + 40 * i + 35 * Math.floor(i / 3) + 7 * (i % 4);

const MEDIA: readonly (readonly [string, VideoOptions])[] = [
  ["even.mp4", {}],
  ["turned.mp4", { displayMatrix: [0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30] }],
  ["mirrored.mov", { displayMatrix: [-65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30] }],
  ["uneven.mkv", { timesMs: UNEVEN }],
  ["uneven.mp4", { timesMs: (i) => 100 + 20 * i + 11 * i * i }],
  ["deep.mkv", { pixelFormat: AV_PIX_FMT_YUV420P10LE }],
  ["full.mkv", { pixelFormat: AV_PIX_FMT_YUV444P }],
  ["wide.mp4", { pixelAspect: { num: 4, den: 3 } }],
  ["fields.mpg", { encoder: "mpeg2video", interlaced: true }],
  ["fields-422.mkv", { encoder: "mpeg2video", pixelFormat: AV_PIX_FMT_YUV422P, interlaced: true }],
];

async function expectSame(path: string, options: ResolvedDecodeOptions, isExact = true): Promise<void> {
  const process = await collect(readVideo(path, options));
  const program = await collect(readVideoByProgram(path, options));
  const places = ({ items }: typeof process) =>
    items.map(({ timeSeconds, index, width, height, reduction }) => ({
      timeSeconds,
      index,
      width,
      height,
      reduction: Math.round(1e6 * reduction),
    }));
  expect(places(program)).toEqual(places(process));
  for (const [i, { data }] of process.items.entries()) {
    const other = program.items[i]!.data;
    const differences = data.map((value, j) => Math.abs(value - other[j]!));
    const sum = differences.reduce((all, one) => all + one, 0);
    const most = differences.reduce((top, one) => Math.max(top, one), 0);
    const allowed = isExact ? { mean: 0, most: 0 } : MOST_DIFFERENT;
    expect(sum / data.length, `frame ${i}`).toBeLessThanOrEqual(allowed.mean);
    expect(most, `frame ${i}`).toBeLessThanOrEqual(allowed.most);
  }
  expect(program.result === null).toBe(process.result === null);
}

describe.each(MEDIA)("%s", (name, written) => {
  test.each<[string, Partial<ResolvedDecodeOptions>]>([
    ["all frames", {}],
    ["sampled", { fps: 25 / 6 }],
    ["sampled faster than it is", { fps: 60 }],
    ["reduced, with two threads", { fps: 5, maxSide: 100, threads: 2 }],
  ])("%s", async (_, options) => {
    await writeVideo(at(name), film(32), written);
    const isExact =
      !written.interlaced && (options.maxSide !== undefined || !["deep.mkv", "wide.mp4"].includes(name));
    await expectSame(at(name), { ...ALL, ...options }, isExact);
  });
});

/** Turns bytes of a film over, from a place of it on. */
function damage(from: string, to: string, places: readonly number[]): void {
  const bytes = readFileSync(from);
  for (const place of places)
    bytes.fill(0xa5, Math.floor(place * bytes.length), Math.floor(place * bytes.length) + 40);
  writeFileSync(to, bytes);
}

describe("damaged films", () => {
  test.each(["all", 5, 12.5] as const)("leave out the same frames at %s frames a second", async (fps) => {
    await writeVideo(at("sound.mkv"), film(80), {});
    damage(at("sound.mkv"), at("damaged.mkv"), [0.3, 0.4, 0.5, 0.6, 0.7]);
    const { result } = await collect(readVideo(at("damaged.mkv"), ALL));
    expect(result?.errors).toBeGreaterThan(0);
    await expectSame(at("damaged.mkv"), { ...ALL, fps });
  });

  test("cut off, end at the same frame", async () => {
    await writeVideo(at("sound.mkv"), film(80), {});
    const bytes = readFileSync(at("sound.mkv"));
    writeFileSync(at("cut.mkv"), bytes.subarray(0, Math.floor(0.6 * bytes.length)));
    await expectSame(at("cut.mkv"), ALL);
    await expectSame(at("cut.mkv"), { ...ALL, fps: 5 });
    const strict = collect(readVideoByProgram(at("cut.mkv"), { ...ALL, strict: true }));
    await expect(strict).rejects.toThrow(/cut\.mkv: expected an undamaged video/);
  });
});

test("states the same facts", async () => {
  await writeVideo(at("facts.mp4"), film(32), {});
  expect(await videoFactsByProgram(at("facts.mp4"))).toEqual(await videoFacts(at("facts.mp4")));
});

describe("the program", () => {
  afterEach(() => {
    delete process.env.DUCHENNE_FFMPEG;
  });

  test("is used if the user names one, though node-av is installed", async () => {
    await writeVideo(at("named.mp4"), film(8), {});
    process.env.DUCHENNE_FFMPEG = "/nowhere/ffmpeg";
    const frames = readFrames({ kind: "video", path: at("named.mp4") }, ALL);
    await expect(collect(frames)).rejects.toThrow(
      /^FFmpeg: expected node-av, or the program ffmpeg, received neither\. Install either: npm install node-av/,
    );
    process.env.DUCHENNE_FFMPEG = "ffmpeg";
    const { items } = await collect(readFrames({ kind: "video", path: at("named.mp4") }, ALL));
    expect(items).toHaveLength(8);
  });

  test("ends with the reader", async () => {
    await writeVideo(at("long.mp4"), film(200, 320, 240), {});
    const frames = readVideoByProgram(at("long.mp4"), ALL);
    await frames.next();
    await frames.return(null);
    const { stdout } = await runFfprobe(["-version"]);
    expect(stdout).toContain("ffprobe version");
    expect(passthrough()).toHaveLength(2);
  });
});
