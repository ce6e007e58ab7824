import { Generator, getThreads, randn, scope, setThreads, type Tensor, tensor } from "@duchenne/torch";
import { expect, it, onTestFinished } from "vitest";
import type { Targets } from "../../../src/evaluate/data/targets.ts";
import { type FitData, fit } from "../../../src/evaluate/predictors/fit.ts";
import { frozenPredictor } from "../../../src/evaluate/predictors/frozen.ts";
import { knnOutputs } from "../../../src/evaluate/predictors/knn.ts";
import { linearOutputs } from "../../../src/evaluate/predictors/linear.ts";
import { lossOf } from "../../../src/evaluate/predictors/lossOf.ts";
import { buildPredictor } from "../../../src/evaluate/predictors/predictor.ts";
import { predictionsOf, scoreOf } from "../../../src/evaluate/results/outcome.ts";
import { Random } from "../../../src/lib/random.ts";

const N = 240;
const D = 12;
const yieldTurn = () => undefined;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const [train, validation, test] = [range(0, 160), range(160, 200), range(200, N)];

/** Three classes around centres of their own, the first four times as frequent. */
const classes = Int32Array.from({ length: N }, (_, i) => [0, 0, 0, 0, 1, 2][i % 6]!);
const targets: Targets = { kind: "classes", classes: ["neutral", "happy", "sad"], values: classes };
const affect: Targets = {
  kind: "affect",
  values: Float32Array.from({ length: 2 * N }, (_, k) => (k % 2 ? -0.3 : 0.8) * (classes[k >> 1]! - 1)),
};

function features(spread = 0.5): Tensor {
  using generator = Generator.seeded(4);
  return scope(() => {
    const rows = Array.from(classes, (c) => Array.from({ length: D }, (_, d) => (d % 3 === c ? 2 : 0)));
    return tensor(rows).add(randn([N, D], { generator }).mul(spread));
  });
}

const data = (values: Targets, loss: "balanced-softmax" | "cross-entropy" = "balanced-softmax"): FitData => ({
  train,
  validation,
  loss: lossOf(values, train, { loss, labelSmoothing: 0 }),
  score: (outputs) => scoreOf({ targets: values, indices: validation, persons: [] }, outputs),
});
const testScore = (values: Targets, outputs: Float32Array) =>
  scoreOf({ targets: values, indices: test, persons: [] }, outputs);

const SETTINGS = { epochs: 4, steps: 120, learningRate: 1e-2, weightDecay: 0, batch: 32 };

async function train3(values: Targets, seed = 1, settings = SETTINGS) {
  const [init, drop] = [Generator.seeded(seed), Generator.seeded(seed)];
  const outputs = values.kind === "classes" ? 3 : 2;
  const predictor = buildPredictor(D, outputs, { dropout: 0.1, init, drop });
  const trainable = frozenPredictor(predictor, drop, features(), N);
  const fitted = await fit(trainable, data(values), settings, Random.fromSeed(seed), {
    yieldTurn,
    onStep: () => {},
  });
  const last = await trainable.outputs(test);
  fitted.useBest();
  return { ...fitted, last, best: await trainable.outputs(test), held: await trainable.outputs(validation) };
}

it("has the paper's layers: d, d/2, d/4, outputs", () => {
  const [init, drop] = [Generator.seeded(1), Generator.seeded(1)];
  const state = buildPredictor(64, 8, { dropout: 0.5, init, drop }).stateDict();
  const shapes = [...state.values()].filter(({ ndim }) => ndim === 2).map(({ shape }) => shape);
  expect(shapes).toEqual([
    [32, 64],
    [16, 32],
    [8, 16],
  ]);
});

it.each([
  ["classes", targets],
  ["valence and arousal", affect],
])("the predictor learns %s, and gives its best round's weights back", async (_, values) => {
  const { history, best, held, bestStep } = await train3(values);
  expect(testScore(values, best)).toBeGreaterThan(0.9);
  expect(history.map(({ step }) => step)).toEqual([30, 60, 90, 120]);
  expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
  const highest = Math.max(...history.map(({ score }) => score));
  expect(data(values).score(held, validation)).toBeCloseTo(highest, 12);
  expect(history.find(({ step }) => step === bestStep)!.score).toBe(highest);
});

it("is the same for the same seed", async () => {
  const [a, b, c] = [await train3(targets), await train3(targets), await train3(targets, 2)];
  expect(a.last).toEqual(b.last);
  expect(a.last).not.toEqual(c.last);
});

it("Balanced Softmax counts the training images; cross-entropy does not", () => {
  scope(() => {
    const logits = tensor([[0, 0, 0]]);
    const rare = [4];
    expect(
      lossOf(targets, train, { loss: "cross-entropy", labelSmoothing: 0 })(logits, rare).item(),
    ).toBeCloseTo(Math.log(3), 5);
    const share = train.filter((i) => classes[i] === 1).length / train.length;
    expect(
      lossOf(targets, train, { loss: "balanced-softmax", labelSmoothing: 0 })(logits, rare).item(),
    ).toBeCloseTo(-Math.log(share), 5);
  });
});

it("changed views stand in for their images in training alone", () => {
  scope(() => {
    const views = tensor([[1], [2], [10], [20], [100], [200]]);
    const seen: number[] = [];
    const identity = {
      call: (x: Tensor) => {
        seen.push(...(x.toTypedArray() as Float32Array));
        return x;
      },
    };
    const trainable = frozenPredictor(identity as never, Generator.seeded(1), views, 2);
    for (let s = 0; s < 40; s++) trainable.trainOutputs([1], Random.fromSeed(s));
    expect(new Set(seen)).toEqual(new Set([2, 20, 200]));
    seen.length = 0;
    void trainable.outputs([1, 0]);
    expect(seen).toEqual([2, 1]);
  });
});

it("the linear probe tells apart what a line can, on any scale", async () => {
  const scaled = scope(() => features().mul(1e-3).add(5));
  for (const values of [targets, affect]) {
    const width = values.kind === "classes" ? 3 : 2;
    const { outputs, score, steps } = await linearOutputs(
      scaled,
      width,
      data(values),
      test,
      yieldTurn,
      () => {},
    );
    expect(testScore(values, outputs)).toBeGreaterThan(0.9);
    expect(score).toBeGreaterThan(0.9);
    expect(steps).toBe(300);
  }
});

it("nearest neighbours: as plain loops have it", () => {
  const rows = features(1.5);
  const flat = rows.toTypedArray() as Float32Array;
  const row = (i: number) => Array.from(flat.subarray(i * D, (i + 1) * D));
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, d) => sum + value * b[d]!, 0);
  const cosine = (i: number, j: number) =>
    dot(row(i), row(j)) / Math.sqrt(dot(row(i), row(i)) * dot(row(j), row(j)));
  const expected = test.flatMap((query) => {
    const near = train
      .map((i) => ({ i, weight: Math.exp(cosine(query, i) / 0.07) }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, 7);
    const total = near.reduce((sum, { weight }) => sum + weight, 0);
    const vote = (dimension: number) =>
      near.reduce((sum, { i, weight }) => sum + (weight * affect.values[2 * i + dimension]!) / total, 0);
    return [vote(0), vote(1)];
  });
  expect(knnOutputs(rows, affect, train, test, 7)).toBeAllclose(expected, 1e-5);
});

it("nearest neighbours find classes, with fewer images than neighbours too", () => {
  const outputs = knnOutputs(features(), targets, train, test, 20);
  expect(testScore(targets, outputs)).toBeGreaterThan(0.9);
  const few = predictionsOf(knnOutputs(features(), targets, [0, 4, 5], test, 20), targets);
  expect(new Set(few)).toEqual(new Set([0, 1, 2]));
});

it("updates of few features are made on one thread", async () => {
  const before = getThreads();
  onTestFinished(() => setThreads(before));
  setThreads(2);
  const [init, drop] = [Generator.seeded(1), Generator.seeded(1)];
  const trainable = frozenPredictor(buildPredictor(D, 3, { dropout: 0, init, drop }), drop, features(), N);
  const threads = async (onOneThread: boolean) => {
    const seen = new Set<number>();
    const watched = {
      ...trainable,
      onOneThread,
      trainOutputs: (...given: Parameters<typeof trainable.trainOutputs>) => {
        seen.add(getThreads());
        return trainable.trainOutputs(...given);
      },
    };
    (
      await fit(watched, data(targets), SETTINGS, Random.fromSeed(1), { yieldTurn, onStep: () => {} })
    ).dispose();
    return [...seen];
  };
  expect(trainable.onOneThread).toBe(true);
  expect(await threads(true)).toEqual([1]);
  expect(await threads(false)).toEqual([2]);
  expect(getThreads()).toBe(2);
});
