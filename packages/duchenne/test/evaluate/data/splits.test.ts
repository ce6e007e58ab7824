import { expect, it } from "vitest";
import type { ProbeImage } from "../../../src/evaluate/data/readImages.ts";
import { divide } from "../../../src/evaluate/data/splits.ts";
import { Random } from "../../../src/lib/random.ts";

function images(counts: Readonly<Record<string, number>>, people = 20): ProbeImage[] {
  const splits = Object.entries(counts).flatMap(([split, count]) => Array<string>(count).fill(split));
  return splits.map((split, key) => ({
    ...{ key, clip: key, source: `s${key}`, labels: {} },
    person: people === 0 ? null : `${split}/p${key % people}`,
    split: split === "none" ? null : split,
  }));
}

const rng = () => Random.fromSeed(3);
const share = (part: readonly number[], all: readonly unknown[]) => part.length / all.length;

it("keeps the data set's own three splits", () => {
  const parts = divide(images({ train: 5, validation: 3, test: 2 }), "store", rng());
  expect(parts).toMatchObject({ train: [0, 1, 2, 3, 4], validation: [5, 6, 7], test: [8, 9], leftOut: {} });
});

it.each(["test", "validation"])(
  "tests on %s where there is no other, and validates on a tenth of train",
  (name) => {
    const all = images({ train: 200, [name]: 50 });
    const parts = divide(all, "store", rng());
    expect(parts.test).toEqual(Array.from({ length: 50 }, (_, i) => 200 + i));
    expect(share(parts.validation, all.slice(0, 200))).toBeCloseTo(0.1, 5);
    expect(new Set([...parts.train, ...parts.validation]).size).toBe(200);
  },
);

it("divides by person where there are no splits: a fifth tests, a tenth of the rest validates", () => {
  const all = images({ none: 400 }, 40);
  const parts = divide(all, "store", rng());
  const people = (part: readonly number[]) => new Set(part.map((i) => all[i]!.person));
  for (const name of people(parts.test))
    expect([...people(parts.train), ...people(parts.validation)]).not.toContain(name);
  for (const name of people(parts.validation)) expect(people(parts.train)).not.toContain(name);
  expect(share(parts.test, all)).toBeCloseTo(0.2, 1);
  expect(parts.train.length + parts.validation.length + parts.test.length).toBe(400);
});

it("divides by film where people are unknown, and the same way every time", () => {
  const all = images({ none: 100 }, 0).map((image) => ({ ...image, source: `film${image.key >> 2}` }));
  const parts = divide(all, "store", rng());
  const films = (part: readonly number[]) => new Set(part.map((i) => all[i]!.source));
  for (const film of films(parts.test)) expect(films(parts.train)).not.toContain(film);
  expect(divide(all, "store", rng())).toEqual(parts);
});

it("counts images of splits with other names", () => {
  const { leftOut } = divide(images({ train: 40, test: 5, extra: 7, none: 2 }), "store", rng());
  expect(leftOut).toEqual({ "split extra": 7, "split none": 2 });
});

it("takes usual names of the parts in any case", () => {
  const parts = divide(images({ Train: 5, VAL: 3, testing: 2, holdout: 1 }), "store", rng());
  expect(parts).toMatchObject({
    ...{ train: [0, 1, 2, 3, 4], validation: [5, 6, 7], test: [8, 9] },
    leftOut: { "split holdout": 1 },
  });
});

it.each([
  [{ learn: 40, exam: 20 }, "40 images of split learn, 20 images of split exam"],
  [{ constructor: 60 }, "60 images of split constructor"],
  [{ validation: 30, Test: 30 }, "30 images of split validation, 30 images of split test"],
  [{ test: 30, none: 30 }, "30 images of split test, 30 images of split none"],
])("does not draw parts of its own where the names divide: %j", (counts, received) => {
  expect(() => divide(images(counts), "films.store", rng())).toThrow(
    `films.store: expected splits named train (or training, tr), validation (or valid, val, dev, development, publictest), test (or testing, privatetest), train and one other at least, received ${received}. Correct their names in the labels file, and prepare it again.`,
  );
});

it("draws if every image is of one part, as of a data set's training half", () => {
  const parts = divide(images({ train: 100 }), "store", rng());
  expect(parts).toMatchObject({ rule: expect.stringMatching(/^a fifth, by person/), leftOut: {} });
});

it("names an empty split", () => {
  expect(() => divide(images({ none: 6 }, 1), "films.store", rng())).toThrow(
    "films.store: expected images for the validation split, received none (6 images of split none). Prepare more people, or a data set",
  );
});
