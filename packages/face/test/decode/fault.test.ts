import { afterEach, describe, expect, test, vi } from "vitest";
import { RgbConverter } from "../../src/decode/rgbConverter.ts";
import { readFrames } from "../../src/decode/source.ts";
import { FaceError, MediaError } from "../../src/errors.ts";
import { collect, testFolder } from "../folder.ts";
import { plain, writeVideo } from "../media.ts";

const at = testFolder();
const options = { fps: 1000, threads: 1, maxSide: 4096, strict: false };
afterEach(() => vi.restoreAllMocks());

async function film(name: string): Promise<string> {
  await writeVideo(
    at(name),
    [20, 90, 160, 230].map((red) => plain(64, 48, [red, 60, 60])),
  );
  return at(name);
}

const read = (path: string, strict = false) =>
  collect(readFrames({ kind: "video", path }, { ...options, strict }));

describe("whatever a decoder throws", () => {
  test("names the file", async () => {
    const path = await film("broken.mp4");
    for (const error of [
      new FaceError("decode", "a pixel format that swscale converts to RGB", "Invalid argument"),
      new RangeError("Array buffer allocation failed"),
      new TypeError("nothing of the file's"),
    ]) {
      vi.spyOn(RgbConverter.prototype, "convert").mockImplementation(() => {
        throw error;
      });
      await expect(read(path)).rejects.toBeInstanceOf(MediaError);
      await expect(read(path)).rejects.toThrow(path);
    }
  });

  test("does so at one frame without costing the others, unless strict", async () => {
    const path = await film("one-frame.mp4");
    const fail = () => {
      const convert = vi.spyOn(RgbConverter.prototype, "convert");
      convert.mockImplementationOnce(() => {
        throw new FaceError("decode", "a format that swscale converts", "another");
      });
    };
    fail();
    const { items, result } = await read(path);
    expect(items.map(({ timeSeconds }) => Math.round(timeSeconds * 1000))).toEqual([40, 80, 120]);
    expect(result).toMatchObject({ errors: 1, message: expect.stringContaining("swscale") });
    vi.restoreAllMocks();
    fail();
    await expect(read(path, true)).rejects.toThrow(path);
  });
});

test("a broken installation is no file's fault", async () => {
  const path = await film("fine.mp4");
  const error = Object.assign(new Error("no such module"), { code: "ERR_MODULE_NOT_FOUND" });
  vi.spyOn(RgbConverter.prototype, "convert").mockImplementation(() => {
    throw error;
  });
  await expect(read(path)).rejects.toBe(error);
});
