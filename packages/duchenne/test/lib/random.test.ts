import { describe, expect, it } from "vitest";
import { Random } from "../../src/lib/random.ts";

describe("Random", () => {
  it("draws the published sequence of xoshiro128** from the state 1, 2, 3, 4", () => {
    const rng = Random.fromState({ key: [0, 0, 0, 0], words: [1, 2, 3, 4] });
    const drawn = Array.from({ length: 10 }, () => rng.bits32());
    // Computed with the authors' algorithm in C (xoshiro128starstar.c, prng.di.unimi.it).
    expect(drawn).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it("forks by name, whatever was drawn before and whichever forks were taken", () => {
    const fresh = Random.fromSeed(7);
    const used = Random.fromSeed(7);
    for (let k = 0; k < 100; k += 1) used.uniform();
    used.fork("other").bits32();
    expect(used.fork("actor/17").bits32()).toBe(fresh.fork("actor/17").bits32());
  });

  it("keeps neighbouring seeds and similar names apart", () => {
    const first = new Set<number>();
    for (let seed = 0; seed < 200; seed += 1) first.add(Random.fromSeed(seed).bits32());
    for (let k = 0; k < 200; k += 1) first.add(Random.fromSeed(1).fork(`actor/${k}`).bits32());
    expect(first.size).toBe(400);
    expect(Random.fromSeed(1).fork("a").fork("b").bits32()).not.toBe(Random.fromSeed(1).fork("ab").bits32());
  });

  it("goes on from a saved state", () => {
    const rng = Random.fromSeed("saved");
    rng.normal();
    const saved = JSON.parse(JSON.stringify(rng.state()));
    const expected = [rng.uniform(), rng.normal(), rng.fork("x").uniform()];
    const resumed = Random.fromState(saved);
    expect([resumed.uniform(), resumed.normal(), resumed.fork("x").uniform()]).toEqual(expected);
  });

  it("is uniform, normal and fair enough", () => {
    const rng = Random.fromSeed(3);
    const n = 20_000;
    const uniforms = Array.from({ length: n }, () => rng.uniform());
    expect(Math.abs(mean(uniforms) - 0.5)).toBeLessThan(0.01);
    const normals = Array.from({ length: n }, () => rng.normal(2, 3));
    expect(Math.abs(mean(normals) - 2)).toBeLessThan(0.1);
    expect(Math.abs(Math.sqrt(mean(normals.map((x) => (x - 2) ** 2))) - 3)).toBeLessThan(0.1);
    const counts = [0, 0, 0, 0, 0, 0];
    for (let k = 0; k < n; k += 1) counts[rng.integer(6)]! += 1;
    for (const count of counts) expect(Math.abs(count / n - 1 / 6)).toBeLessThan(0.012);
  });

  it("shuffles without losing or changing anything", () => {
    const items = Array.from({ length: 30 }, (_, k) => k);
    const shuffled = Random.fromSeed(5).shuffle(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
    expect(shuffled).not.toEqual(items);
    expect(items[0]).toBe(0);
  });

  it("refuses a bound that is none", () => {
    expect(() => Random.fromSeed(1).integer(0)).toThrow(RangeError);
    expect(() => Random.fromSeed(1).choice([])).toThrow(RangeError);
    expect(() => Random.fromState({ key: [1], words: [1, 2, 3, 4] })).toThrow("4 words");
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
