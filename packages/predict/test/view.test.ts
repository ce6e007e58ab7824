import { describe, expect, test } from "vitest";
import { networkView } from "../src/faceCrop.ts";
import { PREPROCESSOR } from "./files.ts";

/** What PIL does with BILINEAR, then a crop of the middle: triangle weights over the source, stretched where it shrinks. */
function plainLoops(data: Uint8Array, side: number, resizeTo: number, size: number): number[] {
  const step = side / resizeTo;
  const reach = Math.max(1, step);
  const first = Math.round((resizeTo - size) / 2);
  return Array.from({ length: size * size * 3 }, (_, i) => {
    const u = (first + (Math.floor(i / 3) % size) + 0.5) * step - 0.5;
    const v = (first + Math.floor(i / 3 / size) + 0.5) * step - 0.5;
    let [sum, total] = [0, 0];
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const weight = Math.max(0, 1 - Math.abs(x - u) / reach) * Math.max(0, 1 - Math.abs(y - v) / reach);
        sum += weight * data[3 * (y * side + x) + (i % 3)]!;
        total += weight;
      }
    return Math.floor(sum / total + 0.5);
  });
}

describe("networkView", () => {
  test.each([
    [48, 27, 24],
    [24, 24, 21],
    [20, 41, 36],
  ])("of %i px resizes to %i and takes the middle %i", (side, resizeTo, size) => {
    const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 7919) % 251);
    const view = networkView({ width: side, height: side, data }, { ...PREPROCESSOR, resizeTo, size });
    const expected = plainLoops(data, side, resizeTo, size);
    expect(view.length).toBe(expected.length);
    expect(Math.max(...expected.map((value, i) => Math.abs(value - view[i]!)))).toBeLessThanOrEqual(1);
  });
});
