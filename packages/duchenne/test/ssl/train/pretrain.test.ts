import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveTensors, readSafetensors } from "@duchenne/torch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settledTensors } from "../../../../torch/test/garbage.ts";
import { ConfigError } from "../../../src/lib/errors.ts";
import { ComponentError } from "../../../src/ssl/config/components.ts";
import { METHOD_NAMES, type MethodName, type PretrainConfig } from "../../../src/ssl/config/config.ts";
import type { Settings } from "../../../src/ssl/config/resolveConfig.ts";
import { METHODS } from "../../../src/ssl/methods/index.ts";
import { checkpointsOf, listCheckpoints, readCheckpointState } from "../../../src/ssl/run/checkpoint.ts";
import { RunFolderError } from "../../../src/ssl/run/errors.ts";
import { readMetrics } from "../../../src/ssl/run/metricsLog.ts";
import { metricsOf, readRunRecord } from "../../../src/ssl/run/runRecord.ts";
import { SamplingError } from "../../../src/ssl/sampling/index.ts";
import type { PretrainControl, PretrainProgress } from "../../../src/ssl/train/pretrain.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { tinyConfig, trainTiny, writeTinyStore } from "./tinyStore.ts";

const folder = mkdtempSync(join(tmpdir(), "duchenne-pretrain-"));
const store = join(folder, "store");
beforeAll(() => writeTinyStore(store));
afterAll(() => rmSync(folder, { recursive: true }));

const train = (out: string, settings: Settings = {}, options: PretrainControl = {}, from = store) =>
  trainTiny(from, out, tinyConfig(settings), options);
/** A configuration without the settings that the method does not have: a run does not record them. */
function usedBy(method: MethodName, config: PretrainConfig): Partial<PretrainConfig> {
  const methods = Object.values(METHODS).flatMap(({ settings }) => settings);
  const isUsed = (key: string) =>
    !methods.includes(key as keyof PretrainConfig) ||
    METHODS[method].settings.includes(key as keyof PretrainConfig);
  return Object.fromEntries(Object.entries(config).filter(([key]) => isUsed(key)));
}
const steps = (run: string) => listCheckpoints(checkpointsOf(run)).map(({ step }) => step);
const losses = (run: string) => readMetrics(metricsOf(run)).map(({ loss }) => loss);

describe("pretrain", () => {
  it.each(METHOD_NAMES)("trains %s to the end, logs and saves", async (method) => {
    const run = join(temporaryFolder(), "run");
    const told: PretrainProgress[] = [];
    const summary = await train(
      run,
      { method },
      { command: "duchenne …", onProgress: (at) => told.push(at) },
    );
    expect(summary).toMatchObject({ step: 6, totalSteps: 6, checkpoint: join(run, "checkpoints", "6") });
    expect(told.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(told.at(-1)).toMatchObject({ epoch: 3, totalEpochs: 3, secondsLeft: 0 });
    const recorded = { autocast: "off", threads: 1, views: "face-views" };
    expect(readRunRecord(run)).toMatchObject({
      command: "duchenne …",
      config: { ...usedBy(method, tinyConfig({ method })), ...recorded },
    });
    const lines = readMetrics(metricsOf(run));
    expect(lines.map(({ step, epoch }) => [step, epoch])).toEqual([1, 2, 3, 4, 5, 6].map((n) => [n, n / 2]));
    for (const line of lines) {
      expect(line.loss).toBeGreaterThan(0);
      expect(line.spread).toBeGreaterThan(0);
      expect(line.effectiveRank).toBeGreaterThanOrEqual(1);
      expect(line.swapSkipped).toBe(0);
    }
    expect(lines[1]!.learningRate).toBe(1e-3);
    expect(readdirSync(run).filter((name) => name.startsWith("events.out.tfevents."))).toHaveLength(1);
    const state = readCheckpointState(summary.checkpoint);
    expect(state).toMatchObject({ step: 6, epoch: 3, smoothedLoss: summary.loss, figures: { count: 0 } });
  });

  it("learns: the loss falls on a store it sees again and again", async () => {
    const run = join(temporaryFolder(), "run");
    await train(run, { method: "simclr", steps: 60, checkpointEvery: 60 });
    const mean = (values: readonly (number | null | undefined)[]) =>
      values.reduce<number>((sum, value) => sum + value!, 0) / values.length;
    const course = losses(run);
    expect(mean(course.slice(-10))).toBeLessThan(0.9 * mean(course.slice(0, 10)));
  });

  it("counts epochs by the store's clips", async () => {
    const summary = await train(join(temporaryFolder(), "run"), { epochs: 2 });
    expect(summary.totalSteps).toBe(4); // 12 clips, 5 a batch: two batches an epoch
  });

  it("frees what it made", async () => {
    const before = settledTensors();
    await train(join(temporaryFolder(), "run"));
    expect(liveTensors()).toBe(before);
  });
});

describe("a run's folder", () => {
  it("with checkpoints in it is refused, and how to go on is said", async () => {
    const run = join(temporaryFolder(), "run");
    await train(run);
    const before = readFileSync(metricsOf(run));
    await expect(train(run)).rejects.toThrow(
      /a checkpoint of step 6\. Continue it with `resume: true`, or choose another `out`/,
    );
    expect(readFileSync(metricsOf(run))).toEqual(before);
  });

  it("goes on only with the settings it was started with, but for how it is carried out", async () => {
    const run = join(temporaryFolder(), "run");
    await train(run, { steps: 4 });
    const resume = (settings: Settings, from = store) =>
      train(run, { steps: 4, ...settings }, { resume: true }, from);
    await expect(resume({ temperature: 0.2 })).rejects.toThrow(/started with temperature 0.1, not 0.2/);
    await expect(resume({ arch: "resnet18" })).rejects.toThrow(/started with arch "tiny", not "resnet18"/);
    await expect(resume({ method: "byol" })).rejects.toThrow(/started with method "ssl-fer", not "byol"/);
    const other = await writeTinyStore(join(temporaryFolder(), "other"), { people: 7 });
    await expect(resume({}, other)).rejects.toThrow(/holds something else/);
    expect(await resume({ workers: 1, checkpointEvery: 1, logEvery: 2 })).toMatchObject({
      step: 4,
      images: 0,
    });
  });

  it("written by a version with other settings is read, what it lacks having its usual value", async () => {
    const run = join(temporaryFolder(), "run");
    await train(run, { steps: 2 });
    const path = join(run, "config.json");
    const record = JSON.parse(readFileSync(path, "utf8"));
    const { blurProbability: _, ...config } = record.config;
    writeFileSync(path, JSON.stringify({ ...record, config: { ...config, forgotten: 1 } }));
    expect(readRunRecord(run).config).toMatchObject({ steps: 2, blurProbability: 0.5, batch: 5 });
    expect(readRunRecord(run).config).not.toHaveProperty("forgotten");
    writeFileSync(path, JSON.stringify({ ...record, config: { ...config, batch: "many" } }));
    expect(() => readRunRecord(run)).toThrow(
      /config.json: .*no record of a run: config.batch: .*expected number/,
    );
  });

  it("without a run in it is no folder to go on with", async () => {
    await expect(train(temporaryFolder(), {}, { resume: true })).rejects.toThrow(RunFolderError);
  });
});

describe("a loss that is no number", () => {
  it("ends the run, with the batch saved and the last checkpoint good", async () => {
    const run = join(temporaryFolder(), "run");
    const explosive: Settings = { learningRate: 1e18, schedule: "constant", checkpointEvery: 1, steps: 50 };
    const failure = await train(run, explosive).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RunFolderError);
    const [, step] = /step (\d+): .* is (NaN|-?Infinity); the batch is saved in/.exec(
      (failure as Error).message,
    )!;
    const saved = join(run, `nan-${step}`);
    const about = JSON.parse(readFileSync(join(saved, "batch.json"), "utf8"));
    expect(about).toMatchObject({ step: Number(step), clips: 5, layout: "quadruples" });
    expect([about.frameKeys.length, about.persons.length, about.identityFrameKeys.length]).toEqual([
      20, 5, 5,
    ]);
    const views = readSafetensors(join(saved, "views.safetensors")).tensors;
    expect(views.get("images")!.shape).toEqual([20, 3, 16, 16]);
    expect(steps(run).every((at) => at <= Number(step))).toBe(true);
  });
});

describe("what cannot be trained on", () => {
  it("too few clips for a batch", async () => {
    const run = join(temporaryFolder(), "run");
    await expect(train(run, { batch: 13 })).rejects.toThrow(
      /^batch: expected at least 13 usable clips.*`batch: 12`/,
    );
    expect(existsSync(run)).toBe(false);
  });

  it("clips shorter than three seconds, with HardNeg", async () => {
    const short = await writeTinyStore(join(temporaryFolder(), "short"), { frames: 9 });
    const failure = train(join(temporaryFolder(), "run"), {}, {}, short);
    await expect(failure).rejects.toThrow(SamplingError);
    await expect(failure).rejects.toThrow(/12 too short for a hard negative\).*`hardNeg: false`/);
    const summary = await train(join(temporaryFolder(), "run"), { hardNeg: false }, {}, short);
    expect(summary.step).toBe(6);
  });

  it("faces without landmarks, where a piece needs them", async () => {
    const blind = await writeTinyStore(join(temporaryFolder(), "blind"), { landmarks: false });
    const on = (settings: Settings) => train(join(temporaryFolder(), "run"), settings, {}, blind);
    await expect(on({})).rejects.toThrow(
      /^faceSwap: expected `faceSwap: false`.*none of the 12 faces looked at has any/,
    );
    await expect(on({ faceSwap: false })).rejects.toThrow(
      /^maskFn: expected `maskFn: false`.*none of the 12 faces looked at has any/,
    );
    const mask = { landmarkMaskProbability: 0.8 };
    const { notices } = await on({ faceSwap: false, maskFn: false, ...mask });
    expect(notices).toEqual([expect.stringMatching(/the landmark mask is off/)]);
  });

  it("stills train, with TimeAug and HardNeg off, and it says so", async () => {
    const about = { kind: "still", frames: 1, people: 12 } as const;
    const stills = await writeTinyStore(join(temporaryFolder(), "stills"), about);
    const summary = await train(join(temporaryFolder(), "run"), {}, {}, stills);
    expect(summary.notices).toEqual(["TimeAug and HardNeg are off: the store holds stills only"]);
    expect(summary.images).toBe(6 * 2 * 5);
  });

  it.each([
    [{ method: "byol", maskFn: true } as const, ComponentError, /byol: maskFn/],
    [{ device: "cuda:63" }, ConfigError, /^device: expected cpu, or one of \d+ CUDA devices/],
    [{ device: "tpu" }, ConfigError, /^device: /],
  ])("settings that cannot be: %j", async (settings, kind, message) => {
    const failure = train(join(temporaryFolder(), "run"), settings);
    await expect(failure).rejects.toThrow(kind);
    await expect(failure).rejects.toThrow(message);
  });
});
