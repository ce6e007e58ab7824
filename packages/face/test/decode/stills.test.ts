import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AV_PIX_FMT_BGR24, AV_PIX_FMT_RGB24 } from "node-av/constants";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import type { ResolvedDecodeOptions } from "../../src/decode/options.ts";
import { listFrames, readFrameFolder, readStill, readStillAsClip } from "../../src/decode/stills.ts";
import { MediaError } from "../../src/errors.ts";
import type { RgbImage } from "../../src/types.ts";
import { collect, testFolder } from "../folder.ts";
import { drawFaces, plain, writeVideo } from "../media.ts";

const at = testFolder();
const options: ResolvedDecodeOptions = { fps: 25 / 6, threads: 1, maxSide: 4096, strict: false };

function encoder({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A folder of images of the given names; the red of each is its place in the list. */
async function folderOf(name: string, names: readonly string[]): Promise<string> {
  const folder = at(name);
  mkdirSync(folder);
  for (const [i, file] of names.entries())
    await encoder(plain(8, 6, [i, 0, 0]))
      .png()
      .toFile(join(folder, file));
  return folder;
}

describe("readFrameFolder", () => {
  test("sorts frames as numbers, not as text", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `${i + 1}.png`);
    const folder = await folderOf("numbers", names);
    writeFileSync(join(folder, "notes.txt"), "not a frame");
    writeFileSync(join(folder, ".hidden.png"), "not a frame");
    expect(await listFrames(folder)).toEqual(names);
    const { items } = await collect(readFrameFolder(folder, 25 / 6, options));
    expect(items.map(({ data }) => data[0])).toEqual(names.map((_, i) => i));
    expect(items[11]!.timeSeconds).toBeCloseTo((11 * 6) / 25, 9);
    expect(items[11]!.index).toBe(11);
  });

  test("samples a faster folder by time", async () => {
    const folder = await folderOf(
      "fast",
      Array.from({ length: 13 }, (_, i) => `frame_${i}.png`),
    );
    const { items } = await collect(readFrameFolder(folder, 25, options));
    expect(items.map(({ data }) => data[0])).toEqual([0, 6, 12]);
  });

  test("counts files that cannot be read and goes on, unless strict", async () => {
    const folder = await folderOf("damaged", ["1.png", "2.png", "3.png"]);
    writeFileSync(join(folder, "2.png"), "no image");
    const { items, result } = await collect(readFrameFolder(folder, 25 / 6, options));
    expect(items.map(({ index }) => index)).toEqual([0, 2]);
    expect(result).toMatchObject({ errors: 1, message: expect.stringContaining("2.png") });
    const strict = collect(readFrameFolder(folder, 25 / 6, { ...options, strict: true }));
    await expect(strict).rejects.toThrow(MediaError);
  });

  test("names a folder that is missing, a file, empty, or without a readable image", async () => {
    const read = (folder: string) => collect(readFrameFolder(folder, 25, options));
    await expect(read(at("nowhere"))).rejects.toMatchObject({ received: "nothing at this path" });
    writeFileSync(at("file"), "x");
    await expect(read(at("file"))).rejects.toMatchObject({ received: "a file where a folder should be" });
    await expect(read(await folderOf("nothing", []))).rejects.toMatchObject({ received: "no image in it" });
    const folder = await folderOf("broken", ["1.png"]);
    writeFileSync(join(folder, "1.png"), "no image");
    await expect(read(folder)).rejects.toMatchObject({
      file: folder,
      expected: "at least one readable image",
    });
  });

  test("names a folder that may not be read", async () => {
    const folder = await folderOf("locked", ["1.png"]);
    chmodSync(folder, 0);
    // Root may read everything, so it steps down for the moment.
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      const read = collect(readFrameFolder(folder, 25, options));
      await expect(read).rejects.toMatchObject({ file: folder, received: "permission denied" });
    } finally {
      if (root) process.seteuid?.(0);
      chmodSync(folder, 0o755);
    }
  });
});

describe("readStill", () => {
  test("respects the EXIF orientation", async () => {
    const image = plain(30, 20, [10, 10, 10]);
    for (let i = 0; i < 30 * 10; i++) image.data.set([220, 10, 10], 3 * i);
    // 6: the camera was held a quarter anticlockwise, so what was on top belongs to the right.
    await encoder(image).withMetadata({ orientation: 6 }).png().toFile(at("turned.png"));
    const { width, height, data } = await readStill(at("turned.png"), 4096);
    expect([width, height]).toEqual([20, 30]);
    expect([data[3 * 2]! < 100, data[3 * 17]! > 150]).toEqual([true, true]);
  });

  test("gives three channels for grey images and drops alpha", async () => {
    await encoder(plain(5, 4, [77, 77, 77]))
      .greyscale()
      .png()
      .toFile(at("grey.png"));
    await encoder(plain(5, 4, [77, 78, 79]))
      .ensureAlpha(0.5)
      .png()
      .toFile(at("alpha.png"));
    expect(Array.from((await readStill(at("grey.png"), 4096)).data.subarray(0, 3))).toEqual([77, 77, 77]);
    const alpha = await readStill(at("alpha.png"), 4096);
    expect(alpha.data).toHaveLength(5 * 4 * 3);
    expect(Array.from(alpha.data.subarray(0, 3))).toEqual([77, 78, 79]);
  });

  test("reduces large images and leaves small ones", async () => {
    await encoder(plain(300, 100, [1, 2, 3]))
      .png()
      .toFile(at("large.png"));
    expect(await readStill(at("large.png"), 150)).toMatchObject({ width: 150, height: 50 });
    expect(await readStill(at("large.png"), 600)).toMatchObject({ width: 300, height: 100 });
  });

  test.each([
    ["bmp", "bmp", AV_PIX_FMT_BGR24],
    ["jp2", "jpeg2000", AV_PIX_FMT_RGB24],
  ])("reads a picture that sharp does not know: .%s", async (ending, encoder, pixelFormat) => {
    const image = drawFaces(64, 48, [{ x: 32, y: 24, radius: 20 }]);
    const file = at(`picture.${ending}`);
    await writeVideo(file, [image], { encoder, pixelFormat });
    const { width, height, data, reduction } = await readStill(file, 4096);
    expect([width, height, reduction]).toEqual([64, 48, 1]);
    const difference = data.reduce((sum, value, i) => sum + Math.abs(value - image.data[i]!), 0);
    expect(difference / data.length).toBeLessThan(8);
    expect(await readStill(file, 32)).toMatchObject({ width: 32, height: 24, reduction: 2 });
  });

  test("names a picture that nothing reads", async () => {
    writeFileSync(at("text.bmp"), "no picture");
    const expected = { file: at("text.bmp"), expected: "an image that sharp or FFmpeg reads" };
    await expect(readStill(at("text.bmp"), 4096)).rejects.toMatchObject(expected);
  });

  test("names a truncated image", async () => {
    const noise = {
      ...plain(64, 64, [0, 0, 0]),
      data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251),
    };
    const bytes = await encoder(noise).jpeg().toBuffer();
    writeFileSync(at("cut.jpg"), bytes.subarray(0, bytes.length >> 1));
    await expect(readStill(at("cut.jpg"), 4096)).rejects.toMatchObject({
      file: at("cut.jpg"),
      expected: "an image that sharp reads",
    });
  });
});

describe("files of several pictures", () => {
  const pages = [40, 140, 240].map((red) => plain(32, 24, [red, 20, 20]));

  /** Pages below each other in one picture, as sharp takes them. */
  const stacked = () => {
    const raw = { width: 32, height: 72, channels: 3, pageHeight: 24 } as const;
    return sharp(Buffer.concat(pages.map(({ data }) => data)), { raw });
  };

  test("a TIFF of three pages gives the first, and says that there are more", async () => {
    await stacked().tiff().toFile(at("pages.tiff"));
    const { items, result } = await collect(readStillAsClip(at("pages.tiff"), options));
    expect(items).toHaveLength(1);
    expect([items[0]!.width, items[0]!.height]).toEqual([32, 24]);
    expect(result).toEqual({ message: "only the first of 3 pictures is read", errors: 1 });
    const strict = collect(readStillAsClip(at("pages.tiff"), { ...options, strict: true }));
    await expect(strict).rejects.toThrow(`${at("pages.tiff")}: expected a file with one picture`);
  });

  test("an animation among the frames of a folder gives its first picture, and is named", async () => {
    const folder = await folderOf("mixed", ["1.png", "3.png"]);
    await stacked().webp().toFile(join(folder, "2.webp"));
    await writeVideo(join(folder, "4.apng"), pages, { encoder: "apng", pixelFormat: AV_PIX_FMT_RGB24 });
    renameSync(join(folder, "4.apng"), join(folder, "4.png"));
    const { items, result } = await collect(readFrameFolder(folder, 25 / 6, options));
    expect(items).toHaveLength(4);
    expect(result).toEqual({
      message: `${join(folder, "2.webp")}: only the first of 3 pictures is read`,
      errors: 2,
    });
  });

  test("one picture alone is not worth a word", async () => {
    for (const name of ["one.webp", "one.tiff", "one.gif", "one.png"]) {
      await encoder(pages[0]!).toFile(at(name));
      expect((await collect(readStillAsClip(at(name), options))).result).toBeNull();
    }
  });
});
