import { join } from "node:path";
import { tensor } from "@duchenne/torch";
import { describe, expect, it } from "vitest";
import { FrameStore } from "../../../src/data/store/index.ts";
import { readImages } from "../../../src/evaluate/data/readImages.ts";
import { divide } from "../../../src/evaluate/data/splits.ts";
import { unlabelledKeys } from "../../../src/evaluate/data/unlabelled.ts";
import { semiLoss } from "../../../src/evaluate/predictors/semi.ts";
import { probeSettings } from "../../../src/evaluate/schema/options.ts";
import { Random } from "../../../src/lib/random.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { stillsOfPeople, writeStills } from "../support.ts";

const MILD = [
  [4, 0, 0],
  [0, 1, 0.5],
  [-1, 0, 5],
  [0.1, 0, 0],
];
const STRONG = [
  [1, 2, 0],
  [3, 0, 0],
  [0, 1, 2],
  [0, 0, 1],
];
const FEATURES = [
  [1, 0, 2],
  [0, 1, -1],
  [3, 1, 0],
  [1, 1, 1],
];

const shares = (row: readonly number[]) => {
  const powers = row.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
};

/** SimCLR's loss of rows and their partners, half the rows away. */
function contrastOf(rows: readonly (readonly number[])[], temperature: number): number {
  const unit = rows.map((row) => row.map((value) => value / Math.hypot(...row)));
  const cosine = (a: number, b: number) => unit[a]!.reduce((sum, value, k) => sum + value * unit[b]![k]!, 0);
  const losses = rows.map((_, i) => {
    const others = [...rows.keys()].filter((j) => j !== i);
    const powers = others.map((j) => Math.exp(cosine(i, j) / temperature));
    const partner = (i + rows.length / 2) % rows.length;
    return Math.log(powers.reduce((a, b) => a + b)) - cosine(i, partner) / temperature;
  });
  return losses.reduce((a, b) => a + b) / rows.length;
}

describe("semiLoss", () => {
  const mild = { outputs: tensor(MILD), features: tensor(FEATURES) };
  const strong = { outputs: tensor(STRONG), features: tensor(FEATURES.toReversed()) };

  it("teaches the sure classes of mild views to strong views, mean over all images", () => {
    for (const threshold of [0, 0.6, 0.9]) {
      const losses = MILD.map((row, i) => {
        const sure = Math.max(...shares(row));
        const label = shares(row).indexOf(sure);
        return sure >= threshold ? -Math.log(shares(STRONG[i]!)[label]!) : 0;
      });
      const expected = losses.reduce((a, b) => a + b) / losses.length;
      expect(semiLoss(mild, strong, { threshold, contrast: 0 }).item()).toBeCloseTo(expected, 5);
    }
  });

  it("adds SimCLR's loss between the views", () => {
    const none = semiLoss(mild, strong, { threshold: 1, contrast: 0.5 }).item();
    expect(none).toBeCloseTo(0.5 * contrastOf([...FEATURES, ...FEATURES.toReversed()], 0.1), 4);
  });

  it("sends no gradient into the view that a label comes from", () => {
    const outputs = tensor(MILD, { requiresGrad: true });
    const to = tensor(STRONG, { requiresGrad: true });
    semiLoss({ ...mild, outputs }, { ...strong, outputs: to }, { threshold: 0.6, contrast: 0 }).backward();
    expect(outputs.grad).toBeNull();
    expect(to.grad!.abs().sum().item()).toBeGreaterThan(0);
  });
});

describe("unlabelledKeys", () => {
  it.each([
    ["with known people", true],
    ["without", false],
  ])(
    "are the training images and what has no label, of nobody and nothing that validates or tests: %s",
    async (_, isKnown) => {
      const people = ["train", "train", "validation", "test"];
      const known = stillsOfPeople(4, 2).map((still) => ({
        ...still,
        split: people[Number(/\d+/.exec(still.person!)![0])]!,
      }));
      const tested = known.find(({ split }) => split === "test")!.person!;
      const labelled = isKnown ? known : known.map((still) => ({ ...still, person: null }));
      const bare = [
        { labels: {}, person: isKnown ? known[0]!.person! : null, split: "train" },
        { labels: {}, person: null, split: null },
        ...(isKnown ? [{ labels: {}, person: tested, split: null }] : []),
        { labels: {}, person: null, split: "test" },
      ];
      const path = await writeStills([...labelled, ...bare], "csv", join(temporaryFolder(), "store"));
      const store = FrameStore.open(path);
      const settings = probeSettings({ mode: "finetune" });
      const { images } = readImages(store, settings, Random.fromSeed(0));
      const splits = divide(images, path, Random.fromSeed(0));
      const keys = unlabelledKeys(store, images, splits, settings);
      const sources = new Map(store.clips().map(({ firstFrame, source }) => [firstFrame, source]));
      const trained = labelled.flatMap(({ split }, i) => (split === "train" ? [i] : []));
      // Somebody unknown may be one of those who test.
      const expected = [...trained, labelled.length, ...(isKnown ? [] : [labelled.length + 1])];
      expect(keys.map((key) => sources.get(key)).sort()).toEqual(
        expected.map((i) => `still${String(i).padStart(4, "0")}.png`),
      );
    },
  );
});

it.each([
  [{ mode: "frozen", semi: true }, /^semi: expected its default in mode frozen/],
  [{ mode: "finetune", task: "va", semi: true }, /^semi: expected its default for the task va/],
  [{ mode: "finetune", semiThreshold: 0.5 }, /^semiThreshold: expected its default without `semi`/],
] as const)("refuses %j", (settings, message) => {
  expect(() => probeSettings(settings)).toThrow(message);
});
