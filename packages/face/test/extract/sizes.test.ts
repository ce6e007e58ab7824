import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { extractFaces } from "../../src/extract/extract.ts";
import type { FaceCrop, RgbImage } from "../../src/types.ts";
import { collect, testFolder } from "../folder.ts";
import { drawFaces, writeVideo } from "../media.ts";

const at = testFolder();
const BASE = { width: 240, height: 180 };

/** A face that drifts to the right, large. */
const scene = (i: number): RgbImage =>
  drawFaces(4 * BASE.width, 4 * BASE.height, [{ x: 400 + 12 * i, y: 360, radius: 200 }]);

/** Frames of a folder, each in the size that `scaleOf` gives. */
async function folderOf(
  name: string,
  count: number,
  scaleOf: (i: number) => readonly [number, number],
): Promise<string> {
  mkdirSync(at(name));
  for (let i = 0; i < count; i++) {
    const [scaleX, scaleY] = scaleOf(i);
    const { data, width, height } = scene(i);
    await sharp(data, { raw: { width, height, channels: 3 } })
      .resize(Math.round(BASE.width * scaleX), Math.round(BASE.height * scaleY), { fit: "fill" })
      .png()
      .toFile(join(at(name), `${i}.png`));
  }
  return at(name);
}

async function crops(folder: string): Promise<FaceCrop[]> {
  const source = { kind: "frames", path: folder, frameRateHz: 25 / 6 } as const;
  return (await collect(extractFaces(source, { minSharpness: 0 }))).items;
}

/** Centre and extent of the landmarks within a crop, in shares of its side. */
function placeOf({ landmarks, image }: FaceCrop): { x: number; y: number; extent: number } {
  const xs = landmarks.filter((_, i) => i % 2 === 0);
  const ys = landmarks.filter((_, i) => i % 2 === 1);
  const middle = (values: Float32Array) => (Math.min(...values) + Math.max(...values)) / 2 / image.width;
  const extent = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) / image.width;
  return { x: middle(xs), y: middle(ys), extent };
}

function expectAllInTheMiddle(faces: readonly FaceCrop[], count: number): void {
  expect(faces).toHaveLength(count);
  for (const face of faces) {
    const { x, y, extent } = placeOf(face);
    for (const value of [x, y]) expect(Math.abs(value - 0.5)).toBeLessThan(0.06);
    expect(Math.abs(extent - 1 / 1.6)).toBeLessThan(0.08);
  }
}

describe("frames of changing size", () => {
  test.each([
    ["in turn", (i: number) => (i % 2 === 0 ? [1, 1] : [2, 2])],
    ["larger from the middle on", (i: number) => (i < 6 ? [1, 1] : [2, 2])],
    ["smaller from the middle on", (i: number) => (i < 6 ? [2.5, 2.5] : [1, 1])],
    [
      "in three steps of a call",
      (i: number) =>
        [
          [2, 2],
          [1, 1],
          [1.5, 1.5],
        ][Math.floor(i / 4)]!,
    ],
    ["rounded to whole blocks", (i: number) => (i < 6 ? [1, 1] : [2.01, 1.995])],
  ] as [string, (i: number) => [number, number]][])(
    "%s: one track, and every crop has its face in the middle",
    async (name, scaleOf) => {
      const faces = await crops(await folderOf(name.replaceAll(" ", "-"), 12, scaleOf));
      expectAllInTheMiddle(faces, 12);
      expect(new Set(faces.map(({ track }) => track)).size).toBe(1);
    },
  );

  test("of another shape: every crop has its face in the middle", async () => {
    const faces = await crops(await folderOf("stretched", 12, (i) => (i < 6 ? [1.2, 1.2] : [2, 1.7])));
    expectAllInTheMiddle(faces, 12);
  });

  test("a film whose size changes: every crop has its face in the middle", async () => {
    const from = (startMs: number) => ({
      ...{ encoder: "mpeg2video", frameRate: 25 },
      timesMs: (i: number) => startMs + 40 * i,
    });
    const frames = (scale: number, shift: number) =>
      Array.from({ length: 24 }, (_, i) => {
        const face = { x: 100 + shift + i, y: 90, radius: 50 };
        return drawFaces(240 * scale, 180 * scale, [
          { x: scale * face.x, y: scale * face.y, radius: scale * face.radius },
        ]);
      });
    await writeVideo(at("small.ts"), frames(1, 0), from(0));
    await writeVideo(at("large.ts"), frames(2, 24), from(960));
    // Packets of a transport stream stand for themselves.
    writeFileSync(
      at("sizes.ts"),
      Buffer.concat([readFileSync(at("small.ts")), readFileSync(at("large.ts"))]),
    );
    const film = extractFaces({ kind: "video", path: at("sizes.ts") }, { minSharpness: 0 });
    const { items } = await collect(film);
    expect(items.length).toBeGreaterThanOrEqual(6);
    expectAllInTheMiddle(items, items.length);
    expect(new Set(items.map(({ square }) => square.side > 200)).size).toBe(2);
  });
});
