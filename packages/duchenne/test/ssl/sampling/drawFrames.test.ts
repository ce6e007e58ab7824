import { describe, expect, it } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import { type DrawnFrames, drawPair, drawQuadruple } from "../../../src/ssl/sampling/drawFrames.ts";
import { timingOf } from "../../../src/ssl/sampling/timing.ts";
import { countValues, evenly, FRAME_RATES_HZ, misfit, SETTINGS } from "./support.ts";

const DRAWS = 4000;

function drawMany(draw: (rng: Random) => DrawnFrames): (DrawnFrames & { f: readonly number[] })[] {
  const rng = Random.fromSeed(7);
  return Array.from({ length: DRAWS }, (_, i) => {
    const drawn = draw(rng.fork(`draw/${i}`));
    return { ...drawn, f: drawn.frames };
  });
}

describe("drawPair", () => {
  const timing = timingOf(25 / 6, { ...SETTINGS, hardNeg: false });

  it("draws the anchor evenly from all frames, the positive within the clip", () => {
    const drawn = drawMany((rng) => drawPair(20, timing, rng));
    expect(
      misfit(
        drawn.map(({ f }) => f[0]!),
        evenly(0, 20),
      ),
    ).toBeLessThan(1);
    expect(drawn.every(({ f }) => f[1]! >= 0 && f[1]! < 20)).toBe(true);
  });

  it("tosses a fair coin for the side where both fit, and takes the other where one does not", () => {
    const drawn = drawMany((rng) => drawPair(20, timing, rng));
    const both = drawn.filter(({ f: [a, p] }) => a! - Math.abs(p! - a!) >= 0 && a! + Math.abs(p! - a!) < 20);
    expect(both.length).toBeGreaterThan(DRAWS / 2);
    expect(
      misfit(
        both.map(({ f: [a, p] }) => Math.sign(p! - a!)),
        new Map([
          [-1, 1],
          [1, 1],
        ]),
      ),
    ).toBeLessThan(1);
    expect(drawn.filter(({ f: [a] }) => a! < 2).every(({ f: [a, p] }) => p! > a!)).toBe(true);
  });

  it("uses what room the shortest clips have", () => {
    const three = drawMany((rng) => drawPair(3, timing, rng));
    expect(new Set(three.map(({ f }) => f.join()))).toEqual(new Set(["0,2", "2,0"]));
    const five = drawMany((rng) => drawPair(5, timing, rng));
    expect(
      misfit(
        five.map(({ f }) => f[0]!),
        evenly(0, 5),
      ),
    ).toBeLessThan(1);
    expect(new Set(five.filter(({ f }) => f[0] === 2).map(({ f }) => f[1]))).toEqual(new Set([0, 4]));
  });

  it("with TimeAug off gives the anchor itself", () => {
    const still = timingOf(0, { ...SETTINGS, hardNeg: false, timeAug: false });
    expect(drawPair(1, still, Random.fromSeed(1)).frames).toEqual([0, 0]);
    const drawn = drawMany((rng) => drawPair(9, still, rng));
    expect(drawn.every(({ f: [a, p] }) => a === p)).toBe(true);
    expect(
      misfit(
        drawn.map(({ f }) => f[0]!),
        evenly(0, 9),
      ),
    ).toBeLessThan(1);
  });
});

describe.each(FRAME_RATES_HZ)("drawQuadruple at %d Hz", (frameRateHz) => {
  const timing = timingOf(frameRateHz, SETTINGS);
  const threeSeconds = Math.ceil(3 * frameRateHz);
  const lengths = [threeSeconds + 1, 2 * threeSeconds - 1, Math.round(8 * frameRateHz) + 1, 8 * threeSeconds];

  it.each(lengths)("keeps 3 s, the intervals and the clip's ends, with %d frames", (frameCount) => {
    for (const { f } of drawMany((rng) => drawQuadruple(frameCount, timing, rng))) {
      const [a, n, p, np] = f as [number, number, number, number];
      expect(Math.abs(n - a)).toBeGreaterThanOrEqual(3 * frameRateHz);
      expect(timing.intervals.frames).toContain(Math.abs(p - a));
      expect(timing.intervals.frames).toContain(Math.abs(np - n));
      expect(Math.min(...f)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...f)).toBeLessThan(frameCount);
    }
  });

  it("draws anchors evenly from those that have a hard negative", () => {
    const [short, long] = [threeSeconds + 3, 3 * threeSeconds];
    const ofShort = drawMany((rng) => drawQuadruple(short, timing, rng)).map(({ f }) => f[0]!);
    expect(misfit(ofShort, new Map([...evenly(0, 3), ...evenly(threeSeconds, short)]))).toBeLessThan(1);
    const ofLong = drawMany((rng) => drawQuadruple(long, timing, rng)).map(({ f }) => f[0]!);
    expect(misfit(ofLong, evenly(0, long))).toBeLessThan(1);
  });

  it("keeps the hard-negative positive 3 s from anchor and positive, or as far as the clip allows and says so", () => {
    const frameCount = Math.round(8 * frameRateHz) + 1;
    const drawn = drawMany((rng) => drawQuadruple(frameCount, timing, rng));
    for (const { f, crowded } of drawn) {
      const [a, n, p, np] = f as [number, number, number, number];
      const apart = (frame: number) => Math.min(Math.abs(frame - a), Math.abs(frame - p));
      const reachable = timing.intervals.frames.flatMap((d) => [n - d, n + d]);
      const most = Math.max(...reachable.filter((i) => i >= 0 && i < frameCount).map(apart));
      expect(crowded).toBe(most < threeSeconds);
      if (crowded) expect(apart(np)).toBe(most);
      else expect(apart(np)).toBeGreaterThanOrEqual(threeSeconds);
    }
    const share = drawn.filter(({ crowded }) => crowded).length / DRAWS;
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.2);
  });
});

describe("drawQuadruple", () => {
  const timing = timingOf(25 / 6, SETTINGS);

  it("goes back or on by a fair coin where both sides have a hard negative, evenly on each", () => {
    const drawn = drawMany((rng) => drawQuadruple(60, timing, rng));
    const both = drawn.filter(({ f: [a] }) => a! >= 13 && a! < 47);
    const back = both.filter(({ f: [a, n] }) => n! < a!).length;
    expect(Math.abs(back / both.length - 0.5)).toBeLessThan(2 / Math.sqrt(both.length));
    // From the anchors 40 … 46 on: frames 0 … 27 are far enough from all of them.
    const backFromEnd = both.filter(({ f: [a, n] }) => a! >= 40 && n! < 28).map(({ f }) => f[1]!);
    expect(misfit(backFromEnd, evenly(0, 28))).toBeLessThan(1);
  });

  it("has both ways out of the middle of a clip one frame longer than twice 3 s", () => {
    const drawn = drawMany((rng) => drawQuadruple(27, timing, rng)).filter(({ f }) => f[0] === 13);
    expect(countValues(drawn.map(({ f }) => f[1]!)).size).toBe(2);
    expect(new Set(drawn.map(({ f }) => f[1]))).toEqual(new Set([0, 26]));
  });

  it("with TimeAug off makes both anchors their own positives", () => {
    const still = timingOf(25 / 6, { ...SETTINGS, timeAug: false });
    const drawn = drawMany((rng) => drawQuadruple(30, still, rng));
    expect(drawn.every(({ f: [a, n, p, np] }) => a === p && n === np)).toBe(true);
    expect(drawn.every(({ f: [a, n], crowded }) => Math.abs(a! - n!) >= 13 && !crowded)).toBe(true);
  });

  it("never takes a hard negative nearer than the nearest positive, whatever is set", () => {
    const odd = timingOf(25, { ...SETTINGS, hardNegSeconds: 0.04 });
    for (const { f } of drawMany((rng) => drawQuadruple(12, odd, rng)))
      expect(Math.abs(f[1]! - f[0]!)).toBeGreaterThanOrEqual(5);
  });
});
