import { ops } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import { symmetricBeta } from "../../../src/ssl/views/beta.ts";
import * as cutMix from "../../../src/ssl/views/cutMix.ts";
import { build, deviations, noise, reader } from "./support.ts";

describe("CutMix", () => {
  test("as a loop over pixels, and the share kept is what is left", () => {
    const [n, side] = [12, 9];
    const images = noise(n, side);
    const draw = cutMix.sample(n, side, 1, Random.fromSeed(8));
    const pixel = reader(images);
    const isCut = (i: number, y: number, x: number) => {
      const { left, right, top, bottom } = draw[i]!;
      return x >= left && x < right && y >= top && y < bottom;
    };
    const mixed = cutMix.apply(images, draw);
    const expected = build(n, side, (i, c, y, x) => pixel(isCut(i, y, x) ? draw[i]!.partner : i, c, y, x));
    expect(ops.equal(mixed, expected)).toBe(true);
    const own = ops.eq(mixed, images).to({ dtype: "float32" }).mean([1, 2, 3]);
    expect(own).toBeAllclose(draw.map(({ kept }) => kept));
    expect(new Set(draw.map(({ kept }) => kept)).size).toBeGreaterThan(5);
  });

  test("partners are the other images, each as likely", () => {
    const n = 4000;
    const draws = Array.from({ length: n / 4 }, (_, i) => cutMix.sample(4, 16, 1, Random.fromSeed(i))).flat();
    draws.forEach(({ partner }, i) => {
      expect(partner).not.toBe(i % 4);
    });
    for (const step of [1, 2, 3]) {
      const count = draws.filter(({ partner }, i) => (partner - (i % 4) + 4) % 4 === step).length;
      expect(deviations(count, n, 1 / 3)).toBeLessThan(4);
    }
  });

  test("patches stay inside, all sizes from none to whole come up", () => {
    const draws = cutMix.sample(4000, 20, 1, Random.fromSeed(2));
    for (const { left, right, top, bottom, kept } of draws) {
      expect(Math.min(left, top, right - left, bottom - top)).toBeGreaterThanOrEqual(0);
      expect(Math.max(right, bottom)).toBeLessThanOrEqual(20);
      expect(kept).toBeGreaterThanOrEqual(0);
    }
    const kepts = draws.map(({ kept }) => kept);
    expect(Math.max(...kepts)).toBe(1);
    expect(Math.min(...kepts)).toBeLessThan(0.1);
  });
});

test.each([0.05, 0.5, 1, 3])("Beta(%f, same) has its mean and variance", (alpha) => {
  const n = 20_000;
  const rng = Random.fromSeed(1);
  const values = Array.from({ length: n }, () => symmetricBeta(alpha, rng));
  const mean = values.reduce((a, b) => a + b) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const expected = 1 / (4 * (2 * alpha + 1));
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(expected / n));
  expect(Math.abs(variance - expected)).toBeLessThan(0.05 * expected);
  expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
});
