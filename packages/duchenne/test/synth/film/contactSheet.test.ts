import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { contactSheet, DEFAULT_INTENSITY } from "../../../src/synth/index.ts";

const PLAN = { seed: 1, actors: 4, clips: 1, seconds: 3, frameRateHz: 25, intensity: DEFAULT_INTENSITY };

describe("contactSheet", () => {
  it("has a row per actor and a column per expression, each another picture, the same every time", async () => {
    const options = {
      actors: [0, 3],
      expressions: ["neutral", "happy", "surprise"],
      tilePixels: 64,
    } as const;
    const png = contactSheet(PLAN, options);
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([3 * 64, 2 * 64]);
    const brightness = (column: number, row: number): number => {
      let sum = 0;
      for (let y = row * 64; y < (row + 1) * 64; y += 1) {
        const from = (y * info.width + column * 64) * 3;
        for (let at = from; at < from + 64 * 3; at += 1) sum += data[at]!;
      }
      return sum;
    };
    const tiles = [0, 1, 2].flatMap((column) => [brightness(column, 0), brightness(column, 1)]);
    expect(new Set(tiles).size).toBe(6);
    expect(contactSheet(PLAN, options)).toEqual(png);
  });
});
