import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { METHOD_NAMES } from "../../../src/ssl/config/config.ts";
import type { Settings } from "../../../src/ssl/config/resolveConfig.ts";
import { readCheckpointState } from "../../../src/ssl/run/checkpoint.ts";
import { readMetrics } from "../../../src/ssl/run/metricsLog.ts";
import { metricsOf } from "../../../src/ssl/run/runRecord.ts";
import type { PretrainControl, PretrainProgress } from "../../../src/ssl/train/pretrain.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { tinyConfig, trainTiny, writeTinyStore } from "./tinyStore.ts";

const folder = mkdtempSync(join(tmpdir(), "duchenne-resume-"));
const store = join(folder, "store");
beforeAll(() => writeTinyStore(store));
afterAll(() => rmSync(folder, { recursive: true }));

const train = (out: string, settings: Settings = {}, options: PretrainControl = {}) =>
  trainTiny(store, out, tinyConfig(settings), options);
const losses = (run: string) => readMetrics(metricsOf(run)).map(({ loss }) => loss);
const lastHashes = (run: string) => readCheckpointState(join(run, "checkpoints", "6")).sha256;

it("a run is the same for the same seed, whatever the number of workers, and another for another", async () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => join(temporaryFolder(), name)) as [string, string, string];
  await train(a);
  await train(b, { workers: 2 });
  await train(c, { seed: 1 });
  expect(losses(b)).toEqual(losses(a));
  expect(lastHashes(b)).toEqual(lastHashes(a));
  expect(losses(c)).not.toEqual(losses(a));
});

it.each([
  ...METHOD_NAMES.map((method) => ({ method })),
  { method: "ssl-fer", neighbourWeight: 0.5, neighbourQueue: 24 } as const,
  { method: "ssl-fer", maskFnFeature: "geometry", geometryWeight: 1, adversaryWeight: 0.1 } as const,
])("%j stops after the step it is at when told to, saves, and goes on from there", async (changed) => {
  const [whole, stopped] = ["whole", "stopped"].map((name) => join(temporaryFolder(), name)) as [
    string,
    string,
  ];
  await train(whole, changed);
  const controller = new AbortController();
  const stopAt = (at: PretrainProgress) => at.step === 3 && controller.abort();
  const summary = await train(stopped, changed, { onProgress: stopAt, signal: controller.signal });
  expect(summary).toMatchObject({ step: 3, totalSteps: 6, checkpoint: join(stopped, "checkpoints", "3") });
  await train(stopped, changed, { resume: true });
  expect(losses(stopped)).toEqual(losses(whole));
  expect(lastHashes(stopped)).toEqual(lastHashes(whole));
});

it("a run whose newest checkpoint is damaged goes on from the one before, and says so", async () => {
  const [whole, run] = ["whole", "run"].map((name) => join(temporaryFolder(), name)) as [string, string];
  await train(whole);
  await train(run, {}, { onProgress: () => {} });
  truncateSync(join(run, "checkpoints", "6", "model.safetensors"), 100);
  const notices: string[] = [];
  await train(run, {}, { resume: true, onNotice: (notice) => notices.push(notice) });
  expect(notices).toEqual([
    expect.stringMatching(/passed over a damaged checkpoint: .*6: .*model.safetensors is damaged/),
    "resuming from step 4",
  ]);
  expect(losses(run)).toEqual(losses(whole));
  expect(lastHashes(run)).toEqual(lastHashes(whole));
});

it("a curriculum by progress goes on from within a block, whatever the number of workers", async () => {
  const [whole, stopped] = ["whole", "stopped"].map((name) => join(temporaryFolder(), name)) as [
    string,
    string,
  ];
  const growing: Settings = {
    ...{ curriculumTop1: 0, curriculumFraction: 0.5, steps: 34, checkpointEvery: 34 },
    curriculum: "progress",
    hardNegWarp: "all",
  };
  await train(whole, growing);
  const controller = new AbortController();
  const stopAt = (at: PretrainProgress) => at.step === 17 && controller.abort();
  await train(stopped, growing, { onProgress: stopAt, signal: controller.signal });
  await train(stopped, { ...growing, workers: 2 }, { resume: true });
  const strengths = readMetrics(metricsOf(whole)).map(({ strength }) => strength!);
  expect(strengths.slice(0, 20)).toEqual(new Array(20).fill(0.1));
  expect(strengths[20]).toBeGreaterThan(0.5);
  expect(strengths[33]).toBe(1);
  expect(losses(stopped)).toEqual(losses(whole));
  const states = [whole, stopped].map((run) => readCheckpointState(join(run, "checkpoints", "34")));
  expect(states[1]!.curriculum).toEqual(states[0]!.curriculum);
  expect(states[1]!.sha256).toEqual(states[0]!.sha256);
});
