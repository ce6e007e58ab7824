import { join } from "node:path";
import { expect, it } from "vitest";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { probe } from "../../../src/evaluate/probe.ts";
import { type StillLayout, synthesize, synthOptions } from "../../../src/synth/index.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { QUICK, untrained } from "../support.ts";

/** AffectNet's order, and FER2013's. */
const EIGHT = ["neutral", "happy", "sad", "surprise", "fear", "disgust", "anger", "contempt"];
const FER = ["anger", "disgust", "fear", "happy", "sad", "surprise", "neutral"];

async function storeOf(stills: StillLayout): Promise<string> {
  const [source, path] = [join(temporaryFolder(), stills), join(temporaryFolder(), "store")];
  await synthesize(synthOptions({ actors: 8, clips: 1, seconds: 50, seed: 2, out: source, stills }));
  await prepare(source, path, { workers: 0, size: 64 });
  return path;
}

it.each([
  ["affectnet-csv", EIGHT, "trained on train, tested on validation; a tenth of train, by person, validates"],
  ["affectnet-npy", EIGHT, "trained on train, tested on validation; a tenth of train, by person, validates"],
  ["fer2013-csv", FER, "the data set's own splits"],
  ["fer2013-folders", FER, "trained on train, tested on test; a tenth of train, by person, validates"],
] as const)("%s, from drawn stills to figures", async (layout, order, rule) => {
  const path = await storeOf(layout);
  const result = await probe(untrained(1, 48), path, QUICK);
  expect(result.data.splitRule).toBe(rule);
  expect(result.classes).toEqual(order);
  expect(result.summary[0]!.figures.macroF1!.mean).toBeGreaterThan(0);
  if (!layout.startsWith("affectnet")) return;
  const affect = await probe(untrained(1, 48), path, { ...QUICK, task: "va" });
  expect(affect.summary[0]!.figures.valenceRmse!.mean).toBeGreaterThan(0);
  expect(affect.test.labels).toHaveLength(2 * affect.data.test.images);
});
