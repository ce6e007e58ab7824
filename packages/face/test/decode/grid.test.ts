import { describe, expect, test } from "vitest";
import { SamplingGrid } from "../../src/decode/grid.ts";

/** Indices and times taken from a list of times. */
function sample(times: readonly number[], fps: number, tickSeconds = 1e-4): [number, number][] {
  const grid = new SamplingGrid(fps, tickSeconds);
  return times.flatMap((time): [number, number][] => {
    const index = grid.take(time);
    return index === null ? [] : [[index, time]];
  });
}

describe("SamplingGrid", () => {
  test("takes every sixth frame of 25 Hz at 25/6 Hz", () => {
    const times = Array.from({ length: 25 }, (_, i) => i / 25);
    expect(sample(times, 25 / 6)).toEqual([
      [0, 0],
      [1, 6 / 25],
      [2, 12 / 25],
      [3, 18 / 25],
      [4, 24 / 25],
    ]);
  });

  test("takes every frame at the source's own rate, though Matroska rounds times to milliseconds", () => {
    const times = Array.from({ length: 90 }, (_, i) => Math.round((1000 * i) / 30) / 1000);
    expect(sample(times, 30, 1e-3).map(([index]) => index)).toEqual(times.map((_, i) => i));
  });

  test("is not misled by containers whose tick is a whole frame", () => {
    const times = Array.from({ length: 13 }, (_, i) => i / 25);
    expect(sample(times, 25 / 6, 1 / 25).map(([, time]) => time)).toEqual([0, 6 / 25, 12 / 25]);
  });

  test("follows time, not frame numbers, when the rate varies", () => {
    const fast = Array.from({ length: 60 }, (_, i) => i / 60);
    const slow = Array.from({ length: 10 }, (_, i) => 1 + i / 10);
    const taken = sample([...fast, ...slow], 5);
    expect(taken.map(([index]) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(taken.every(([index, time]) => time - index / 5 < 1 / 60)).toBe(true);
  });

  test("leaves gaps where the source is slower than the grid, and takes no frame twice", () => {
    expect(sample([0, 1, 2], 4).map(([index]) => index)).toEqual([0, 4, 8]);
  });
});
