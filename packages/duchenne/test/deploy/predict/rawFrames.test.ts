import { PassThrough, Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { collectGarbage } from "../../../../torch/test/garbage.ts";
import { parseRawFormat, readRawFrames } from "../../../src/deploy/predict/rawFrames.ts";

const FORMAT = { width: 2, height: 1, frameRateHz: 10 };
const BYTES = 6;

describe("parseRawFormat", () => {
  test("reads width, height and rate", () => {
    expect(parseRawFormat("640x480@29.97")).toEqual({ width: 640, height: 480, frameRateHz: 29.97 });
  });
  test.each(["640x480", "0x480@30", "640x480@0", "640 x 480@30", "640x99999@30", ""])("not %o", (text) => {
    expect(parseRawFormat(text)).toBeUndefined();
  });
});

describe("readRawFrames", () => {
  test.each([1, 4, 6, 7, 24])("puts frames together from chunks of %i bytes", async (size) => {
    const all = Buffer.from(Array.from({ length: 4 * BYTES }, (_, i) => i));
    const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
      all.subarray(i * size, (i + 1) * size),
    );
    const frames = [];
    for await (const frame of readRawFrames(Readable.from(chunks), FORMAT)) frames.push(frame);
    expect(frames.map(({ index, timeSeconds }) => [index, timeSeconds])).toEqual([
      [0, 0],
      [1, 0.1],
      [2, 0.2],
      [3, 0.3],
    ]);
    expect(Buffer.concat(frames.map(({ data }) => data))).toEqual(all);
  });

  test("is interrupted while nothing comes, and closes the pipe", async () => {
    const controller = new AbortController();
    const pipe = new PassThrough();
    const next = readRawFrames(pipe, FORMAT, controller.signal).next();
    pipe.write(Buffer.alloc(BYTES - 1));
    setTimeout(() => controller.abort(new DOMException("enough", "AbortError")), 20);
    await expect(next).rejects.toThrow("enough");
    expect(pipe.destroyed).toBe(true);
  });

  test("keeps nothing of the frames that went by", async () => {
    const [frames, side] = [1000, 128];
    function* film() {
      for (let i = 0; i < frames; i++) yield Buffer.alloc(side * side * 3);
    }
    const format = { ...FORMAT, width: side, height: side };
    const { signal } = new AbortController();
    let most = 0;
    for await (const { index } of readRawFrames(Readable.from(film()), format, signal)) {
      if (index % 100 !== 99) continue;
      collectGarbage();
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }
    // All of them are 49 MB.
    expect(most).toBeLessThan(20e6);
  });
});
