import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BACKBONES } from "../../../src/ssl/backbones/index.ts";
import { ARCHITECTURES, METHOD_NAMES } from "../../../src/ssl/config/config.ts";
import { METHOD_COMPONENTS, PRESETS } from "../../../src/ssl/config/presets.ts";
import { checkSettings, readConfigFile, resolveConfig } from "../../../src/ssl/config/resolveConfig.ts";
import { METHODS } from "../../../src/ssl/methods/index.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

const check = (values: unknown) => checkSettings(values, (key) => `here: ${key}`);

describe("resolveConfig", () => {
  it("has the paper's settings where nothing is said", () => {
    const paper = { method: "ssl-fer", arch: "resnet50", size: 112, batch: 128, temperature: 0.07 };
    const training = { optimizer: "adam", learningRate: 3e-4, weightDecay: 1e-4, warmupEpochs: 10 };
    const components = { timeAug: true, hardNeg: true, faceSwap: true, maskFn: true, cutMix: false };
    expect(resolveConfig()).toMatchObject({ ...paper, ...training, ...components, schedule: "hold-cosine" });
    expect(resolveConfig().epochs).toBeGreaterThanOrEqual(300);
  });

  it("lets hard negatives count more in the preset tiny, and in no other method", () => {
    expect(resolveConfig({ preset: "tiny" }).hardNegWeight).toBe(30);
    expect(resolveConfig({ preset: "tiny", method: "moco-v2", hardNeg: true }).hardNegWeight).toBe(1);
  });

  it("has method.md's numbers for components, views and the methods' state", () => {
    expect(resolveConfig()).toMatchObject({
      ...{ timeAugSeconds: 1, timeAugWeighting: "linear-down", hardNegSeconds: 3, faceSwapProbability: 0.8 },
      hardNegWeight: 1,
      ...{
        maskFnCount: 1,
        maskFnWeight: 0.8,
        maskFnRule: "paper",
        maskFnProbability: 1,
        curriculumFraction: 0,
      },
      ...{ landmarkMaskProbability: 0.8, flipProbability: 0.5, jitterProbability: 0.8 },
      ...{ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2, cutMixAlpha: 1 },
      ...{ blurProbability: 0.5, grayscaleProbability: 0.2, projectionSize: 128 },
      ...{ queueSize: 65_536, mocoMomentum: 0.999, byolMomentum: 0.996 },
    });
    expect(resolveConfig({ method: "moco-v2" }).temperature).toBe(0.2);
  });

  it("lets a later layer go before an earlier one, and both before the preset", () => {
    const file = { preset: "tiny", batch: 32, seed: 1 } as const;
    expect(resolveConfig(file, { batch: 16 })).toMatchObject({
      arch: "tiny",
      batch: 16,
      seed: 1,
      steps: 1500,
      faceSwapProbability: 0.6,
    });
  });

  it("keeps what is said below where a later layer leaves a key undefined", () => {
    expect(resolveConfig({ batch: 32 }, { batch: undefined }).batch).toBe(32);
  });

  it("turns on a method's own components, and lets them be turned off one by one", () => {
    expect(resolveConfig({ method: "simclr" })).toMatchObject({ timeAug: false, maskFn: false });
    expect(resolveConfig({ method: "simclr", timeAug: true })).toMatchObject({
      timeAug: true,
      hardNeg: false,
    });
    expect(resolveConfig({ hardNeg: false })).toMatchObject({ timeAug: true, hardNeg: false });
  });

  it("has a method's own numbers under each preset", () => {
    expect(resolveConfig({ method: "moco-v2", preset: "tiny" })).toMatchObject({
      temperature: 0.2,
      queueSize: 1024,
    });
    expect(resolveConfig({ method: "byol", preset: "tiny" })).toMatchObject({
      projectionSize: 64,
      byolHiddenSize: 512,
    });
    expect(resolveConfig({ method: "byol" })).toMatchObject({ projectionSize: 256, byolHiddenSize: 4096 });
    expect(resolveConfig({ method: "moco-v2", temperature: 0.5 }).temperature).toBe(0.5);
  });

  it("drops the epochs of a lower layer where steps are said, and the other way round", () => {
    expect(resolveConfig({ steps: 7 })).toMatchObject({ steps: 7, epochs: null });
    expect(resolveConfig({ preset: "tiny", epochs: 3, warmupEpochs: 1 })).toMatchObject({
      ...{ steps: null, epochs: 3 },
      ...{ warmupSteps: null, warmupEpochs: 1 },
    });
  });

  it("knows of every method and backbone there is", () => {
    expect([...METHOD_NAMES].sort()).toEqual(Object.keys(METHODS).sort());
    expect([...ARCHITECTURES].sort()).toEqual(Object.keys(BACKBONES).sort());
    for (const { settings } of Object.values(PRESETS)) expect(() => check(settings)).not.toThrow();
    for (const components of Object.values(METHOD_COMPONENTS)) expect(() => check(components)).not.toThrow();
  });
});

describe("checkSettings", () => {
  it.each([
    [
      { batches: 3 },
      /^here: batches: expected one of preset, method, .*batch.*, received an unknown setting\. Correct its name\.$/,
    ],
    [{ batch: 1 }, "here: batch: expected at least 2, received 1"],
    [{ hue: 0.6 }, "here: hue: expected at most 0.5, received 0.6"],
    [{ learningRate: 0 }, "here: learningRate: expected more than 0, received 0"],
    [{ method: "dino" }, 'here: method: expected one of ssl-fer, simclr, moco-v2, byol, received "dino"'],
    [{ timeAug: "yes" }, 'here: timeAug: expected boolean, received "yes"'],
    [{ batch: 2.5 }, "here: batch: expected int, received 2.5"],
    [{ epochs: 1, steps: 1 }, "here: steps: expected to be alone, or here: epochs, received both"],
  ])("refuses %j, naming the key", (values, message) => {
    expect(() => check(values)).toThrow(message);
  });
});

describe("readConfigFile", () => {
  const written = (text: string): string => {
    const path = join(temporaryFolder(), "run.json");
    writeFileSync(path, text);
    return path;
  };

  it("reads settings", () => {
    expect(readConfigFile(written('{ "preset": "tiny", "timeAug": false }'))).toEqual({
      preset: "tiny",
      timeAug: false,
    });
  });

  it.each([
    ["{", /run\.json: expected a JSON file, received/],
    ["[1]", /run\.json: expected one JSON object, received \[1\]/],
    ['{ "tempreature": 1 }', /run\.json: tempreature: expected one of/],
  ])("refuses %s, naming the file", (text, message) => {
    expect(() => readConfigFile(written(text))).toThrow(message);
  });
});
