import { expect, it } from "vitest";
import { probe } from "../../src/evaluate/probe.ts";
import type { ProbeOptions } from "../../src/evaluate/schema/options.ts";
import { cast, QUICK, type Still, untrained, writeStills } from "./support.ts";

const people = cast(12, 2);
const labelled = (part: readonly Still[], split: string) => part.map((still) => ({ ...still, split }));
const unlabelled = people.map((still) => ({ ...still, labels: {} }));

const refused = async (stills: readonly Still[], options: ProbeOptions, message: string | RegExp) =>
  expect(probe(untrained(), await writeStills(stills), { ...QUICK, ...options })).rejects.toThrow(message);

it("a set without the labels the task needs", async () => {
  await refused(
    unlabelled,
    {},
    /expected frames with an expression label, received 72 frames with no expression label$/,
  );
  await refused(
    people.map(({ labels, ...still }) => ({ ...still, labels: { expression: labels.expression! } })),
    { task: "va" },
    "expected frames with valence and arousal, received 72 frames with no valence and arousal",
  );
  await refused(
    people.map((still) => ({ ...still, person: null })),
    { task: "identity" },
    "expected frames of people with names, received 72 frames with person unknown",
  );
});

it("a store without frames", () =>
  refused([], {}, "expected frames with an expression label, received an empty store"));

it("an expression that is tested but never learned", async () => {
  const noSad = people.filter(({ labels }) => labels.expression !== "sad");
  const stills = [...labelled(noSad, "train"), ...labelled(people, "test")];
  await refused(
    stills,
    {},
    /expected training images of every expression: add some of sad, or leave it out with --classes neutral,happy, received none of sad, which 24 other images show/,
  );
  const { classes } = await probe(untrained(), await writeStills(stills), {
    ...QUICK,
    mode: "knn",
    classes: ["neutral", "happy"],
  });
  expect(classes).toEqual(["neutral", "happy"]);
});

it("one expression alone", () =>
  refused(
    people.filter(({ labels }) => labels.expression === "happy"),
    {},
    "expected at least two expressions to tell apart, received happy",
  ));

it("expressions that the set does not have", () =>
  refused(
    people,
    { classes: ["happy", "contempt"] },
    /^classes: expected expressions that .*store has: happy, received contempt$/,
  ));

it("a valence out of range", async () => {
  const broken = people.map((still, i) =>
    i === 7 ? { ...still, labels: { valence: 10, arousal: 0 } } : still,
  );
  await refused(
    broken,
    { task: "va" },
    /store: frame 7 of still0007.png: expected valence in \[-1, 1\]: mend the data set's label and prepare it again, received 10$/,
  );
});

it("an empty part", () =>
  refused(
    people.filter(({ person }) => person === "person3"),
    {},
    "expected images for the validation part: more people, or splits named train and test, received none (6 images of split none)",
  ));

it("people with too few images", () =>
  refused(
    people,
    { task: "identity" },
    "expected at least two people with 20 images or more (--min-images), received 0 of 12",
  ));

it.each([
  [
    { labels: ["half"] },
    /^labels: expected a share or a number of training labels, as in 1%, 100 or all, received \["half"\]/,
  ],
  [{ labels: [] }, /^labels: /],
  [{ learningRate: 0 }, /^learningRate: .* received 0/],
  [{ task: "identity", mode: "finetune" }, "mode: expected frozen for the task identity"],
  [{ mode: "knn", augment: 2 }, "augment: expected 0 but in mode frozen, received 2 in mode knn"],
  [{ pairs: "/nowhere/pairs.txt" }, "/nowhere/pairs.txt: expected LFW's pairs.txt"],
] as const)("options: %o", (options, message) =>
  refused(people, options as unknown as ProbeOptions, message),
);

it("a misspelt option is not ignored", () =>
  refused(people, { lables: ["1%"] } as unknown as ProbeOptions, "lables"));

it("a store that is not there", () =>
  expect(probe(untrained(), "/nowhere/faces.store")).rejects.toThrow(
    "/nowhere/faces.store: expected a frame store, received a path without frames.mdb",
  ));
