import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Tensor, tensor } from "@duchenne/torch";
import { expect, it } from "vitest";
import type { ProbeImage } from "../../../src/evaluate/data/readImages.ts";
import { divideByPerson, identify } from "../../../src/evaluate/identity/identification.ts";
import { presentPairs, readPairs, verify } from "../../../src/evaluate/identity/verification.ts";
import { pairNotices } from "../../../src/evaluate/notices.ts";
import { Random } from "../../../src/lib/random.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

/** One image per number: the person it shows, each in a clip of its own unless told otherwise. */
const imagesOf = (people: readonly number[], clips = people.map((_, i) => i)): ProbeImage[] =>
  people.map((person, key) => ({
    ...{ key, clip: clips[key]!, split: null, labels: {}, person: `p${person}` },
    source: `p${person}/p${person}_${String(key).padStart(4, "0")}.jpg`,
  }));

const rng = () => Random.fromSeed(1);
/** Directions on a circle. */
const angles = (values: readonly number[]): Tensor => tensor(values.map((a) => [Math.cos(a), Math.sin(a)]));

it("70 % of each person's images are the gallery, and people with too few are left out", () => {
  const people = [...Array(20).fill(0), ...Array(10).fill(1), ...Array(3).fill(2)] as number[];
  const { gallery, queries } = divideByPerson(imagesOf(people), 10, "store", rng());
  const count = (part: readonly number[], person: number) => part.filter((i) => people[i] === person).length;
  expect([0, 1, 2].map((p) => count(gallery, p))).toEqual([14, 7, 0]);
  expect([0, 1, 2].map((p) => count(queries, p))).toEqual([6, 3, 0]);
  expect(new Set([...gallery, ...queries]).size).toBe(30);
});

it("whole clips go to one side; a single clip is cut in time", () => {
  const people = [...Array(12).fill(0), ...Array(10).fill(1)] as number[];
  const clips = people.map((p, i) => (p === 0 ? i % 2 : 7));
  const { gallery, queries } = divideByPerson(imagesOf(people, clips), 10, "store", rng());
  const clipsOf = (part: readonly number[]) => [
    ...new Set(part.filter((i) => people[i] === 0).map((i) => clips[i])),
  ];
  expect(clipsOf(gallery)).toHaveLength(1);
  expect(clipsOf(queries)).toHaveLength(1);
  expect(clipsOf(gallery)).not.toEqual(clipsOf(queries));
  expect(gallery.filter((i) => i >= 12)).toEqual([12, 13, 14, 15, 16, 17, 18]);
  expect(queries.filter((i) => i >= 12)).toEqual([19, 20, 21]);
});

it("says how many people there must be", () => {
  expect(() => divideByPerson(imagesOf([0, 0, 1]), 2, "lfw.store", rng())).toThrow(
    "lfw.store: expected at least two people with 2 images or more, received 1 of 2 people. Lower `minImages`",
  );
});

it("identifies by the nearest direction, and knows the accuracy of a guess", () => {
  const images = imagesOf([0, 0, 0, 1, 0, 1]);
  const features = angles([0, 0.1, 0.2, 2, 0.15, 0.12]);
  expect(identify(features, images, { gallery: [0, 1, 2, 3], queries: [4, 5] })).toEqual({
    correct: [true, false],
    chance: [0.75, 0.25],
  });
});

function pairsFile(text: string): string {
  const file = join(temporaryFolder(), "pairs.txt");
  writeFileSync(file, text);
  return file;
}

const PAIRS = [
  "2\t2",
  "ann\t1\t2",
  "ann\t1\t3",
  "ann\t1\tbob\t1",
  "ann\t2\tbob\t1",
  "ann\t2\t3",
  "bob\t1\t2",
];
const LAST = ["ann\t3\tbob\t2", "ann\t1\tcy\t1"];

it("reads LFW's pairs", () => {
  const { folds } = readPairs(pairsFile([...PAIRS, ...LAST].join("\r\n")));
  expect(folds).toHaveLength(2);
  expect(folds[0]![0]).toEqual({ a: "ann_0001", b: "ann_0002", same: true });
  expect(folds[1]![2]).toEqual({ a: "ann_0003", b: "bob_0002", same: false });
});

it("judges each fold by the threshold of the others, without pairs whose images are missing", () => {
  const names = ["ann_0001", "ann_0002", "ann_0003", "bob_0001", "bob_0002"];
  const images = imagesOf([0, 0, 0, 1, 1]).map((image, i) => ({ ...image, source: `lfw/x/${names[i]}.jpg` }));
  const all = readPairs(pairsFile([...PAIRS, ...LAST].join("\n")));
  const pairs = presentPairs(all, images);
  expect(pairs.folds.map(({ length }) => length)).toEqual([4, 3]);
  expect(pairNotices(all, pairs)).toEqual([
    `left out: 1 of 8 pairs in ${all.file}, an image is not in the store`,
  ]);
  expect(pairNotices(pairs, pairs)).toEqual([]);
  expect(verify(angles([0, 0.1, 0.2, 1.5, 1.6]), images, pairs)).toEqual([1, 1]);
  // Bob looks like Ann: fold 1 is easy, and its threshold misjudges fold 2.
  expect(verify(angles([0, 0.1, 0.9, 1.2, 0.95]), images, pairs)[1]).toBeLessThan(1);
  expect(() => presentPairs(all, images.slice(0, 1))).toThrow(
    `${all.file}: expected pairs in fold 1 with both images in the store, received none. Prepare all`,
  );
});

it.each([
  ["nothing\n", ":1: expected the number of folds"],
  ["2\t1\nann\t1\t2\n", "expected 4 pairs, the number in its first line, received 1"],
  ["2\t1\nann\t1\t2\nann\t1\nbob\t1\t2\nbob\t1\tann\t2\n", ":3: expected `name number number` or"],
])("names what is wrong with %o", (text, message) => {
  expect(() => readPairs(pairsFile(text))).toThrow(message);
});
