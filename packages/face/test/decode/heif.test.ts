import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readHeifGrid } from "../../src/decode/heifGrid.ts";
import { mediaKindOf } from "../../src/decode/mediaKind.ts";
import { readStill } from "../../src/decode/stills.ts";
import { MediaError } from "../../src/errors.ts";
import type { RgbImage } from "../../src/types.ts";
import { testFolder } from "../folder.ts";
import { type HeifOptions, heifOf } from "../heif.ts";
import { drawFaces } from "../media.ts";

const at = testFolder();

/** The part of an image at (left, top), its border repeated beyond. */
function part(image: RgbImage, left: number, top: number, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [column, row] = [Math.min(left + x, image.width - 1), Math.min(top + y, image.height - 1)];
      const from = 3 * (row * image.width + column);
      data.set(image.data.subarray(from, from + 3), 3 * (y * width + x));
    }
  return { width, height, data };
}

async function gridFile(name: string, image: RgbImage, side: number, options: Partial<HeifOptions> = {}) {
  const [columns, rows] = [Math.ceil(image.width / side), Math.ceil(image.height / side)];
  const tiles = Array.from({ length: columns * rows }, (_, i) =>
    part(image, (i % columns) * side, Math.floor(i / columns) * side, side, side),
  );
  const whole = { width: image.width, height: image.height, columns, rows };
  writeFileSync(at(name), await heifOf(tiles, { ...whole, ...options }, at("scratch.mp4")));
  return at(name);
}

/** Mean difference of two images of one size. */
function difference(a: RgbImage, b: RgbImage): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;
}

/** What `a` is after the turns and mirroring that HEIF describes, pixel by pixel. */
function displayed(image: RgbImage, { turns = 0, mirror }: Partial<HeifOptions>): RgbImage {
  let result = image;
  for (let i = 0; i < turns; i++) result = moved(result, true, (x, y, { width }) => [y, width - 1 - x]);
  if (mirror === 0) result = moved(result, false, (x, y, { height }) => [x, height - 1 - y]);
  if (mirror === 1) result = moved(result, false, (x, y, { width }) => [width - 1 - x, y]);
  return result;
}

function moved(
  image: RgbImage,
  swapsSides: boolean,
  place: (x: number, y: number, image: RgbImage) => [number, number],
): RgbImage {
  const [width, height] = swapsSides ? [image.height, image.width] : [image.width, image.height];
  const data = new Uint8Array(image.data.length);
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++) {
      const [column, row] = place(x, y, image);
      const from = 3 * (y * image.width + x);
      data.set(image.data.subarray(from, from + 3), 3 * (row * width + column));
    }
  return { width, height, data };
}

const face = drawFaces(300, 200, [{ x: 130, y: 90, radius: 70 }]);

describe("HEIC", () => {
  test.each([64, 128, 100])("reads a grid of tiles of %i pixels whole", async (side) => {
    const path = await gridFile("grid.heic", face, side);
    expect(mediaKindOf(path)).toBe("image");
    expect(difference(await readStill(path, 4096), face)).toBeLessThan(2);
  });

  test("reads a grid that is described within the table, and reduces it", async () => {
    const path = await gridFile("idat.heic", face, 128, { inIdat: true });
    expect(difference(await readStill(path, 4096), face)).toBeLessThan(2);
    expect(await readStill(path, 150)).toMatchObject({ width: 150, height: 100, reduction: 2 });
  });

  const orientations = [
    { turns: 1 },
    { turns: 2 },
    { turns: 3 },
    { mirror: 0 },
    { mirror: 1 },
    { turns: 1, mirror: 1 },
  ] as const;
  test.each(orientations)("is upright: a grid with %o", async (orientation) => {
    const path = await gridFile("turned.heic", face, 128, orientation);
    expect(difference(await readStill(path, 4096), displayed(face, orientation))).toBeLessThan(2);
  });

  test.each(orientations)("is upright: one picture with %o", async (orientation) => {
    const { width, height } = face;
    writeFileSync(at("one.heic"), await heifOf([face], { width, height, ...orientation }, at("scratch.mp4")));
    expect(difference(await readStill(at("one.heic"), 4096), displayed(face, orientation))).toBeLessThan(2);
  });

  test("says what is torn in a table that ends too early", async () => {
    const bytes = readFileSync(await gridFile("torn.heic", face, 64, { inIdat: true }));
    // By its version, the main picture's number takes four bytes; two are there.
    bytes[bytes.indexOf("pitm") + 4] = 1;
    writeFileSync(at("torn.heic"), bytes);
    await expect(readHeifGrid(at("torn.heic"))).rejects.toThrow(
      `${at("torn.heic")}: expected the whole table of a HEIF picture, received a box that ends within a number. Check or replace the file.`,
    );
  });

  test("names a grid that is cut off", async () => {
    const bytes = readFileSync(await gridFile("whole.heic", face, 64));
    for (const share of [0.2, 0.5, 0.9]) {
      writeFileSync(at("cut.heic"), bytes.subarray(0, Math.floor(bytes.length * share)));
      const reading = readStill(at("cut.heic"), 4096);
      await expect(reading).rejects.toBeInstanceOf(MediaError);
      await expect(reading).rejects.toThrow(at("cut.heic"));
    }
  });
});
