import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/lib/errors.ts";
import { tinyResNet } from "../../../src/ssl/backbones/index.ts";
import { simclr, sslFer } from "../../../src/ssl/methods/index.ts";
import { readRunRecord } from "../../../src/ssl/run/runRecord.ts";
import { adam, type OptimizerDefinition } from "../../../src/ssl/train/optimizers.ts";
import { type PretrainOptions, pretrain } from "../../../src/ssl/train/pretrain.ts";
import { planRun } from "../../../src/ssl/train/runPlan.ts";
import { constant, warmupCosine } from "../../../src/ssl/train/schedules.ts";
import type { ImageView } from "../../../src/ssl/views/imageView.ts";
import { faceViews } from "../../../src/ssl/views/pipeline.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { lastingFolder } from "../../deploy/predict/fixture.ts";
import { writeTinyStore } from "./tinyStore.ts";

const store = join(lastingFolder(), "store");
beforeAll(() => writeTinyStore(store));

const values = () => ({
  store,
  method: simclr({ backbone: tinyResNet(), projectionSize: 8 }),
  views: faceViews({ size: 16 }),
  optimizer: adam({ learningRate: 1e-3 }),
  schedule: warmupCosine({ warmupSteps: 2 }),
  ...{ batch: 5, steps: 2, workers: 0, threads: 1 },
});
const newRun = () => join(temporaryFolder(), "run");
const halve = (extraViews: readonly ImageView[]) => faceViews({ size: 16, extraViews });
const darker = (factor: number): ImageView => ({
  name: "darker",
  settings: { factor },
  sample: (count) => new Array<null>(count).fill(null),
  apply: (images) => images.mul(factor),
});

describe("what a run does", () => {
  it("has the paper's value for every setting that is not given", async () => {
    const { config, totalSteps } = await planRun(values());
    expect(config).toMatchObject({
      ...{
        method: "simclr",
        arch: "tiny",
        optimizer: "adam",
        schedule: "warmup-cosine",
        views: "face-views",
      },
      ...{ temperature: 0.07, projectionSize: 8, weightDecay: 1e-4, warmupSteps: 2, warmupEpochs: null },
      ...{ size: 16, batch: 5, steps: 2, epochs: null, seed: 0, autocast: "off" },
    });
    expect(config).not.toHaveProperty("queueSize");
    expect(totalSteps).toBe(2);
  });

  it("is recorded as the store allows it", async () => {
    const stills = await writeTinyStore(join(temporaryFolder(), "stills"), {
      ...({ kind: "still", frames: 1, people: 12, landmarks: false } as const),
    });
    const method = sslFer({ backbone: tinyResNet(), projectionSize: 8, faceSwap: false, maskFn: false });
    const [out, given] = [newRun(), { ...values(), store: stills, method }];
    await pretrain({ ...given, out });
    const off = { timeAug: false, hardNeg: false, landmarkMaskProbability: 0, autocast: "off" };
    expect(readRunRecord(out).config).toMatchObject(off);
    expect(await pretrain({ ...given, out, resume: true })).toMatchObject({ step: 2, images: 0 });
  });
});

describe("values that cannot be", () => {
  const plan = (changed: object) => planRun({ ...values(), ...changed } as Parameters<typeof planRun>[0]);

  it.each([
    [{ tempo: 1 }, "pretrain: tempo: expected one of splits, batch, "],
    [{ batch: 1 }, "pretrain: batch: expected at least 2, received 1"],
    [{ epochs: 3 }, "epochs: expected either epochs or steps, received both"],
    [
      { method: "simclr" },
      'pretrain: method: expected a definition, such as sslFer({ backbone: resnet18() }), received "simclr"',
    ],
    [{ schedule: undefined }, "pretrain: schedule: expected a definition"],
  ])("%j", async (changed, message) => {
    await expect(plan(changed)).rejects.toThrow(ConfigError);
    await expect(plan(changed)).rejects.toThrow(message);
  });

  it("are refused by the definitions, too", () => {
    const loose = { backbone: tinyResNet(), temprature: 1 } as Parameters<typeof simclr>[0];
    expect(() => simclr(loose)).toThrow("simclr: temprature: expected one of timeAug, ");
    expect(() => faceViews({ size: 8 })).toThrow("faceViews: size: expected at least 16, received 8");
    expect(() => adam({ learningRate: -1 })).toThrow("adam: learningRate: expected more than 0, received -1");
  });
});

describe("a user's own values", () => {
  const slowly: OptimizerDefinition = {
    ...adam({ learningRate: 1e-4 }),
    name: "slowly",
    settings: { beta: 1 },
  };

  it("are refused under a built-in name, a changed copy of a built-in one too", async () => {
    const out = newRun();
    const taken: [string, object][] = [
      ["optimizer", { optimizer: { ...slowly, name: "adam" } }],
      ["schedule", { schedule: { ...constant() } }],
      ["views", { views: { ...faceViews({ size: 16 }) } }],
      ["method", { method: { ...simclr({ backbone: tinyResNet() }) } }],
      ["backbone", { method: simclr({ backbone: { ...tinyResNet() } }) }],
    ];
    for (const [name, value] of taken)
      await expect(pretrain({ ...values(), ...value, out, steps: 1 })).rejects.toThrow(
        `pretrain: ${name}: expected a name of your own for a value of your own`,
      );
    expect(existsSync(out)).toBe(false);
  });

  it("are recorded by their names and settings, and asked for again", async () => {
    const [out, own] = [newRun(), { ...values(), optimizer: slowly, views: halve([darker(0.5)]) }];
    await pretrain({ ...own, out, steps: 2 });
    expect(readRunRecord(out).config).toMatchObject({
      optimizer: "slowly",
      own: { optimizer: { beta: 1 }, views: { darker: true, "darker.factor": 0.5 } },
    });
    const resume = (changed: Partial<PretrainOptions>) => pretrain({ ...own, ...changed, out, resume: true });
    await expect(resume({ optimizer: adam() })).rejects.toThrow(
      'started with optimizer "slowly", not "adam"',
    );
    await expect(resume({ views: halve([darker(0.4)]) })).rejects.toThrow(
      /started with own .*0.5.*, not .*0.4/,
    );
    await expect(resume({ schedule: constant() })).rejects.toThrow('started with schedule "warmup-cosine"');
    expect(await resume({})).toMatchObject({ step: 2, images: 0 });
  });

  it("draw from the step's stream: the number of workers changes nothing", async () => {
    const losses = [];
    for (const workers of [0, 2]) {
      const out = newRun();
      const { loss } = await pretrain({ ...values(), views: halve([darker(0.5)]), workers, out });
      losses.push(loss);
      rmSync(out, { recursive: true });
    }
    expect(losses[0]).toBe(losses[1]);
  });
});
