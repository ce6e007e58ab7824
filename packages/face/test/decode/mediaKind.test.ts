import { renameSync, writeFileSync } from "node:fs";
import { AV_PIX_FMT_RGB24 } from "node-av/constants";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { mediaKindOf, mediaKindOfName } from "../../src/decode/mediaKind.ts";
import { testFolder } from "../folder.ts";
import { plain, writeVideo } from "../media.ts";

const at = testFolder();
const pictures = [10, 90, 170, 250].map((red) => plain(64, 48, [red, 40, 40]));

/** Pictures below each other in one, as sharp takes animations. */
const animation = (count: number) => {
  const data = Buffer.concat(pictures.slice(0, count).map((picture) => picture.data));
  return sharp(data, { raw: { width: 64, height: 48 * count, channels: 3, pageHeight: 48 } });
};

describe("mediaKindOfName", () => {
  test.each([
    ["a.JPG", "image"],
    ["a.heic", "image"],
    ["a.bmp", "image"],
    ["a.jp2", "image"],
    ["a.gif", "image"],
    ["a.m2ts", "film"],
    ["a.MTS", "film"],
    ["a.dv", "film"],
    ["a.apng", "film"],
    ["a.txt", undefined],
    ["a", undefined],
    [".mp4", undefined],
  ])("%s: %s", (name, kind) => expect(mediaKindOfName(name)).toBe(kind));
});

describe("mediaKindOf", () => {
  test.each(["gif", "webp"] as const)(
    "takes an animated .%s for a film, and a still one for a picture",
    async (ending) => {
      await animation(3)
        .toFormat(ending)
        .toFile(at(`moving.${ending}`));
      await animation(1)
        .toFormat(ending)
        .toFile(at(`still.${ending}`));
      expect(mediaKindOf(at(`moving.${ending}`))).toBe("film");
      expect(mediaKindOf(at(`still.${ending}`))).toBe("image");
    },
  );

  test("takes a GIF for a film though its first picture is large", async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 2 * 200 * 200 * 3 }, (_, i) => (i * i * 7919) >> 5));
    const raw = { width: 200, height: 400, channels: 3, pageHeight: 200 } as const;
    await sharp(noise, { raw }).gif().toFile(at("noise.gif"));
    expect(mediaKindOf(at("noise.gif"))).toBe("film");
  });

  test("takes an APNG for a film, whatever its ending", async () => {
    await writeVideo(at("moving.apng"), pictures, { encoder: "apng", pixelFormat: AV_PIX_FMT_RGB24 });
    await sharp(pictures[0]!.data, { raw: { width: 64, height: 48, channels: 3 } }).toFile(at("still.png"));
    renameSync(at("moving.apng"), at("moving.png"));
    expect(mediaKindOf(at("moving.png"))).toBe("film");
    expect(mediaKindOf(at("still.png"))).toBe("image");
  });

  test("goes by the ending where there is nothing to read, or a torn header", () => {
    writeFileSync(at("torn.gif"), "GIF89a");
    writeFileSync(at("torn.png"), Buffer.from("\x89PNG\r\n\x1a\n\x00\x00", "latin1"));
    for (const name of ["torn.gif", "torn.png", "nowhere.webp"]) expect(mediaKindOf(at(name))).toBe("image");
  });
});
