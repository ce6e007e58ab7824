import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getThreads, setThreads } from "@duchenne/torch";
import { expect, it, onTestFinished } from "vitest";
import { weightsDigest } from "../../src/evaluate/features/weightsDigest.ts";
import { type ProbeProgress, probe } from "../../src/evaluate/probe.ts";
import { formatResult } from "../../src/evaluate/results/table.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";
import { QUICK, type Still, stillsOfPeople, untrained, writeStills } from "./support.ts";

const people = stillsOfPeople(12, 4);
const split = (name: string, part: readonly Still[]) => part.map((still) => ({ ...still, split: name }));
const ownSplits = [
  ...split("train", stillsOfPeople(8, 4)),
  ...split("validation", stillsOfPeople(11, 4).slice(-36)),
  ...split("test", people.slice(-36)),
];
const aFile = () => join(temporaryFolder(), "folder", "result.json");

it("frozen features of an untrained network tell stripes apart, better with more labels", async () => {
  const store = await writeStills(people);
  const notices: string[] = [];
  const options = { ...QUICK, labels: ["6", "all"], seeds: 2 } as const;
  const result = await probe(
    untrained(),
    store,
    { ...options, labels: [...options.labels] },
    {
      onNotice: (notice) => notices.push(notice),
    },
  );
  expect(result.summary.map(({ labels, seeds, trainImages }) => [labels, seeds, trainImages])).toEqual([
    ["6", 2, 6],
    ["all", 2, result.data.train.images],
  ]);
  const [few, all] = result.summary.map(({ figures }) => figures.macroF1!);
  expect(all!.mean).toBeGreaterThan(0.6);
  expect(all!.mean).toBeGreaterThan(few!.mean!);
  expect(few!.low).toBeLessThan(few!.mean!);
  expect(few!.high).toBeGreaterThan(few!.mean!);
  expect(result.classes).toEqual(["neutral", "happy", "sad"]);
  expect(notices[0]).toMatch(/^\d+ images train, \d+ validate, \d+ test: a fifth, by person, is the test/);
  const confusion = result.cells[0]!.best.confusion!.flat();
  expect(confusion.reduce((sum, count) => sum + count, 0)).toBe(result.data.test.images);
  expect(formatResult(result)).toMatch(/labels +images +macro F1 ± sd \[95 %\]/);
});

it("two probes at once leave as many threads as there were", async () => {
  const before = getThreads();
  onTestFinished(() => setThreads(before));
  setThreads(2);
  const store = await writeStills(people);
  await Promise.all([probe(untrained(), store, QUICK), probe(untrained(), store, QUICK)]);
  expect(getThreads()).toBe(2);
});

it("images are read once for their features and for duplicates, but where features were kept", async () => {
  const store = await writeStills(people);
  const cache = join(temporaryFolder(), "features");
  const stages = async () => {
    const seen = new Set<string>();
    const { data } = await probe(
      untrained(),
      store,
      { ...QUICK, cache },
      { onProgress: ({ stage }) => seen.add(stage) },
    );
    return { seen: [...seen].filter((stage) => !stage.includes("labels")), duplicates: data.duplicates };
  };
  const [first, second] = [await stages(), await stages()];
  expect(first.seen).toEqual(["features"]);
  expect(second.seen).toEqual(["duplicates"]);
  expect(second.duplicates).toEqual(first.duplicates);
});

it.each(["linear", "knn", "finetune"] as const)(
  "%s learns too, and leaves the backbone as it was",
  async (mode) => {
    const store = await writeStills(people);
    const loaded = untrained();
    const before = weightsDigest(loaded.backbone);
    const { summary, cells } = await probe(loaded, store, { ...QUICK, mode });
    expect(summary[0]!.figures.macroF1!.mean).toBeGreaterThan(0.6);
    expect(weightsDigest(loaded.backbone)).toBe(before);
    expect(loaded.backbone.training).toBe(false);
    if (mode === "finetune") expect(cells[0]!.history.map(({ step }) => step)).toEqual([20, 40, 60]);
  },
);

it.each(["frozen", "linear", "knn"] as const)("valence and arousal, %s", async (mode) => {
  const { summary, test, cells } = await probe(untrained(), await writeStills(people), {
    ...QUICK,
    task: "va",
    mode,
  });
  const { valenceCcc, arousalCcc, valenceRmse, arousalRmse } = summary[0]!.figures;
  expect(valenceCcc!.mean).toBeGreaterThan(0.4);
  expect(arousalCcc!.mean).toBeGreaterThan(0.4);
  // Arousal is minus half of valence.
  expect(arousalRmse!.mean).toBeLessThan(valenceRmse!.mean!);
  expect(cells[0]!.best.predictions).toHaveLength(2 * test.keys.length);
});

it("identity: people are recognised by their colours", async () => {
  const result = await probe(untrained(), await writeStills(people), { task: "identity", minImages: 12 });
  const { identification, chance } = result.summary[0]!.figures;
  expect(chance!.mean).toBeCloseTo(1 / 12, 5);
  expect(identification!.mean).toBeGreaterThan(0.5);
  expect(result.data).toMatchObject({ splitRule: "all people", test: { images: 144, persons: 12 } });
});

it("identity: people of the test split, if there is one", async () => {
  const { data } = await probe(untrained(), await writeStills(ownSplits), {
    task: "identity",
    minImages: 12,
  });
  expect(data.test.images).toBe(36);
  expect(data.leftOut).toEqual({ "people of other splits": ownSplits.length - 36 });
});

it("uses the set's own splits, counts duplicates across them before any score, and tests on nothing else", async () => {
  const image = new Uint8Array(24 * 24 * 3).map((_, i) => (i * 37) % 251);
  const duplicate = (name: string) => ({
    labels: { expression: "sad" as const },
    split: name,
    person: "person1",
    image,
  });
  const store = await writeStills([...ownSplits, duplicate("train"), duplicate("test"), duplicate("test")]);
  const told: string[] = [];
  const result = await probe(untrained(), store, QUICK, {
    onNotice: (notice) => told.push(notice),
    onProgress: ({ stage }: ProbeProgress) => told.push(stage),
  });
  const duplicates = "duplicates: 2 images of test are also in train, pixel for pixel, and 0 almost";
  expect(told.indexOf(duplicates)).toBeGreaterThan(told.lastIndexOf("features"));
  expect(told.indexOf(duplicates)).toBeLessThan(told.findIndex((line) => line.includes("labels, seed")));
  expect(result.data.duplicates[1]).toEqual({ parts: ["train", "test"], exact: 2, near: 0 });
  expect(result.data.splitRule).toBe("the data set's own splits");
  expect(result.test.keys).toHaveLength(38);
});

it("says how the validation part does, once it was looked at", async () => {
  const store = await writeStills(people);
  const told: (number | undefined)[] = [];
  const result = await probe(untrained(), store, QUICK, {
    onProgress: ({ stage, score }) => {
      if (stage.includes("seed")) told.push(score);
    },
  });
  const { history } = result.cells[0]!;
  expect(told[0]).toBeUndefined();
  expect(told[history[0]!.step]).toBe(history[0]!.score);
  expect(told.at(-1)).toBe(history.at(-2)!.score);
});

it("refuses to go on with the result of other weights, settings or data", async () => {
  const store = await writeStills(people);
  const out = aFile();
  await probe(untrained(), store, { ...QUICK, mode: "knn", out });
  const bytes = readFileSync(out);
  const on = (options: object, loaded = untrained(), path = store) =>
    probe(loaded, path, { ...QUICK, mode: "knn", out, ...options });
  await expect(on({ neighbours: 3 })).rejects.toThrow(
    `${out}: expected a result with the same neighbours, 3, to continue, received 20. Name another \`out\`, or remove the file.`,
  );
  await expect(on({}, untrained(2))).rejects.toThrow("the same backbone's weights");
  await expect(on({}, untrained(), await writeStills(people.slice(3)))).rejects.toThrow(
    "the same store's content",
  );
  expect(readFileSync(out)).toEqual(bytes);
  writeFileSync(out, "{");
  await expect(on({})).rejects.toThrow(`${out}: expected the JSON result of a probe`);
});

it("keeps features where it is told to: another probe computes none", async () => {
  const store = await writeStills(people);
  const cache = join(temporaryFolder(), "features");
  const stages = async (loaded = untrained()) => {
    const seen = new Set<string>();
    const result = await probe(
      loaded,
      store,
      { ...QUICK, mode: "knn", cache },
      { onProgress: ({ stage }) => seen.add(stage) },
    );
    return { features: seen.has("features"), figures: result.summary[0]!.figures };
  };
  const first = await stages();
  expect(first.features).toBe(true);
  expect(await stages()).toEqual({ ...first, features: false });
  expect((await stages(untrained(2))).features).toBe(true);
});

it("changed views of training images are features too, and change what is learned", async () => {
  const store = await writeStills(people);
  const [plain, changed] = [
    await probe(untrained(), store, QUICK),
    await probe(untrained(), store, { ...QUICK, augment: 2 }),
  ];
  expect(changed.summary[0]!.figures.macroF1!.mean).toBeGreaterThan(0.5);
  expect(changed.cells[0]!.history).not.toEqual(plain.cells[0]!.history);
});

it("writes no file unless asked to", async () => {
  const out = aFile();
  await probe(untrained(), await writeStills(people), { ...QUICK, mode: "knn" });
  expect(existsSync(out)).toBe(false);
});
