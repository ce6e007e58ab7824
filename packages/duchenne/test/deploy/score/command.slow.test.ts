import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { encodeImage } from "../../../src/data/store/imageCodec.ts";
import { type FrameLabels, FrameStore } from "../../../src/data/store/index.ts";
import { openModel, ScoreError, scoreModel } from "../../../src/deploy/index.ts";
import { duchenne } from "../../data/prepare/support.ts";
import { frame, OPTIONS, picture } from "../../data/store/synthetic.ts";
import { lastingFolder, makeModel } from "../predict/fixture.ts";

const root = lastingFolder();
const [labelled, unlabelled] = [join(root, "labelled.store"), join(root, "unlabelled.store")];
let model = "";

/** Stills, one a face, with these labels. */
async function writeStore(path: string, labels: readonly FrameLabels[]): Promise<void> {
  const options = { ...OPTIONS, detect: false };
  const writer = FrameStore.create(path, options);
  labels.forEach((label, i) => {
    const image = encodeImage(picture(options.size, i), options.size, options.codec);
    const still = { ...frame(i, options), timeSeconds: 0, labels: label, image };
    const source = {
      id: `${i}.png`,
      person: `person${i % 3}`,
      split: i < 6 ? "train" : "Test",
      kind: "still",
    } as const;
    writer.append([
      { ...source, frameRateHz: 0, framesSampled: 1, tracks: [{ frames: [still] }], skipped: {} },
    ]);
  });
  writer.finish();
  await writer.close();
}

beforeAll(async () => {
  model = await makeModel(root);
  const { classes } = (await openModel(model)).info;
  const shown = [classes[0]!, classes[1]!, "contempt"] as FrameLabels["expression"][];
  await writeStore(
    labelled,
    Array.from({ length: 12 }, (_, i) => ({ expression: shown[i % 3]!, valence: i / 12, arousal: -i / 12 })),
  );
  await writeStore(unlabelled, [{}, {}]);
});

test("prints plain figures as JSON, with intervals beside them, and names what was left out", async () => {
  const { code, stdout } = await duchenne(["evaluate", labelled, "--model", model, "--json"]);
  expect(code).toBe(0);
  const score = JSON.parse(stdout);
  const { classes } = (await openModel(model)).info;
  const isKnown = classes.includes("contempt");
  expect(score.classes).toEqual(classes.filter((name) => Object.hasOwn(score.recall, name)));
  expect(score.images).toBe(isKnown ? 12 : 8);
  expect(score.accuracy).toBeGreaterThanOrEqual(0);
  expect(score.macroF1).toBeLessThanOrEqual(1);
  expect(score.intervals.accuracy[0]).toBeLessThanOrEqual(score.accuracy);
  expect(Object.keys(score.intervals.recall)).toEqual(score.classes);
  for (const name of score.classes) {
    const [low, high] = score.intervals.recall[name];
    expect(low).toBeLessThanOrEqual(score.recall[name]);
    expect(high).toBeGreaterThanOrEqual(score.recall[name]);
  }
  expect(score.intervals.calibrationError).toHaveLength(2);
  expect(score.valenceCcc).toBeLessThanOrEqual(1);
  expect(score.absentClasses).toEqual(classes.filter((name) => !score.classes.includes(name)));
});

test("scores every face, or a split's alone, whatever the case of its name", async () => {
  const opened = await openModel(model);
  const [all, some] = [
    await scoreModel(opened, labelled),
    await scoreModel(opened, labelled, { split: "TEST" }),
  ];
  expect(all.affect!.images).toBe(12);
  expect(some.affect!.images).toBe(6);
  await expect(scoreModel(opened, labelled, { split: "valid" })).rejects.toThrow(
    /^split: expected a split of .*: test, train, received valid/,
  );
  await opened.dispose();
});

test("a store of one class is told, and its expressions are not scored", async () => {
  const path = join(root, "one.store");
  const opened = await openModel(model);
  const only = opened.info.classes[1] as NonNullable<FrameLabels["expression"]>;
  await writeStore(path, [{ expression: only }, { expression: only }]);
  const { expression, absentClasses, notices } = await scoreModel(opened, path);
  expect(expression).toBeNull();
  expect(absentClasses).toEqual(opened.info.classes.filter((name) => name !== only));
  expect(notices.join()).toContain(`the faces show ${only} alone of the model's classes`);
  await opened.dispose();
});

test("a store without labels, and a folder without a model, are refused", async () => {
  const opened = await openModel(model);
  await expect(scoreModel(opened, unlabelled)).rejects.toThrow(ScoreError);
  await opened.dispose();
  const { code, stderr } = await duchenne(["evaluate", labelled, "--model", join(root, "none")]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/config.json: expected a file of a model/);
});

test("an unknown split is the caller's fault, and the known ones are named", async () => {
  const { code, stderr } = await duchenne(["evaluate", labelled, "--model", model, "--split", "foo"]);
  expect(stderr).toMatch(
    /^error: --split: expected a split of .*: test, train, received foo\. Name one of these, or omit --split\.$/m,
  );
  expect(code).toBe(2);
});

test("the command never loads libtorch", async () => {
  const loader = `LD_DEBUG=files LD_DEBUG_OUTPUT=${root}/ld`;
  const { stdout } = await duchenne(["evaluate", labelled, "--model", model], undefined, loader);
  expect(stdout).toMatch(/^accuracy +\d/);
  const loaded = readdirSync(root)
    .filter((name) => name.startsWith("ld."))
    .map((name) => readFileSync(join(root, name), "utf8"));
  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.join("")).not.toContain("libtorch");
});
