import { expect, it } from "vitest";
import { probe } from "../../src/evaluate/probe.ts";
import type { ProbeOptions } from "../../src/evaluate/schema/options.ts";
import { QUICK, type Still, stillsOfPeople, untrained, writeStills } from "./support.ts";

const people = stillsOfPeople(12, 2);
const labelled = (part: readonly Still[], split: string) => part.map((still) => ({ ...still, split }));
const unlabelled = people.map((still) => ({ ...still, labels: {} }));

const refused = async (stills: readonly Still[], options: ProbeOptions, message: string | RegExp) =>
  expect(probe(untrained(), await writeStills(stills), { ...QUICK, ...options })).rejects.toThrow(message);

it("a set without the labels the task needs", async () => {
  await refused(
    unlabelled,
    {},
    /expected frames with an expression label, received 72 frames with no expression label\. Prepare a data set/,
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
    /expected training images of every expression, received none of sad, which 24 images of other splits show\. Add training images of sad, or leave it out with `classes: \["neutral","happy"\]`\./,
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
    "expected images of at least two expressions, received happy",
  ));

it("expressions that the set does not have", () =>
  refused(
    people,
    { classes: ["happy", "contempt"] },
    /^classes: expected expressions that occur in .*store, received contempt\. Choose from happy\.$/,
  ));

it("a valence out of range", async () => {
  const broken = people.map((still, i) =>
    i === 7 ? { ...still, labels: { valence: 10, arousal: 0 } } : still,
  );
  await refused(
    broken,
    { task: "va" },
    /store: frame 7 of still0007.png: expected valence in \[-1, 1\], received 10\. Correct the label/,
  );
});

it("an empty part", () =>
  refused(
    people.filter(({ person }) => person === "person3"),
    {},
    "expected images for the validation split, received none (6 images of split none). Prepare more people, or",
  ));

it("people with too few images", () =>
  refused(
    people,
    { task: "identity" },
    "expected at least two people with 20 images or more, received 0 of 12",
  ));

it.each([
  [
    { labels: ["half"] },
    /^labels: expected a share or a number of training labels, as in 1%, 100 or all, received \["half"\]\. Choose/,
  ],
  [{ labels: [] }, /^labels: /],
  [{ learningRate: 0 }, /^learningRate: .* received 0/],
  [{ task: "identity", mode: "finetune" }, "mode: expected frozen for the task identity"],
  [{ mode: "knn", augment: 2 }, "augment: expected 0 in mode knn, received 2. Leave out `augment`"],
  [{ pairs: "/nowhere/pairs.txt" }, "/nowhere/pairs.txt: expected LFW's pairs.txt"],
] as const)("options: %o", (options, message) =>
  refused(people, options as unknown as ProbeOptions, message),
);

it("a misspelt option is not ignored", () =>
  refused(
    people,
    { lables: ["1%"] } as unknown as ProbeOptions,
    /^lables: expected one of the options task, mode/,
  ));

it("a store that is not there", () =>
  expect(probe(untrained(), "/nowhere/faces.store")).rejects.toThrow(
    "/nowhere/faces.store: expected a frame store, received a path without frames.mdb",
  ));
