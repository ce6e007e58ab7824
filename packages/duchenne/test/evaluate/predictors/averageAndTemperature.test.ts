import { Generator, nn, noGrad, scope, type Tensor, tensor } from "@duchenne/torch";
import { expect, it } from "vitest";
import type { ProbeImage } from "../../../src/evaluate/data/readImages.ts";
import { type ClassTargets, classTargets, shareRow } from "../../../src/evaluate/data/targets.ts";
import { lossOf } from "../../../src/evaluate/predictors/lossOf.ts";
import {
  balancingShift,
  changeOutputs,
  temperatureOf,
} from "../../../src/evaluate/predictors/outputChange.ts";
import { WeightAverage } from "../../../src/evaluate/predictors/weightAverage.ts";

const value = (network: nn.Linear) =>
  (network.weight.detach().contiguous().toTypedArray() as Float32Array)[0]!;
const set = (network: nn.Linear, to: number) =>
  noGrad(() => network.weight.copy_(tensor(Float32Array.of(to), { shape: [1, 1] })));

it("weights are averaged, stand in for the network's while they are used, and go back", async () => {
  using generator = Generator.seeded(1);
  using network = new nn.Linear(1, 1, { generator });
  set(network, 0);
  const average = new WeightAverage(network, 0.5);
  set(network, 1);
  average.update(100);
  set(network, 2);
  average.update(101);
  await average.during(async () => expect(value(network)).toBeCloseTo(1.25, 6));
  expect(value(network)).toBe(2);
  const resumed = new WeightAverage(network, 0.5, average.weights);
  await resumed.during(async () => expect(value(network)).toBeCloseTo(1.25, 6));
  for (const one of [average, resumed]) one.dispose();
});

it("the first updates count more: a tenth of the first weights is left after one", async () => {
  using generator = Generator.seeded(1);
  using network = new nn.Linear(1, 1, { generator });
  set(network, 0);
  const average = new WeightAverage(network, 0.999);
  set(network, 1);
  average.update(0);
  await average.during(async () => expect(value(network)).toBeCloseTo(0.9, 6));
  average.dispose();
});

it("the temperature that fits: outputs scaled by 3 need 3 times as much", () => {
  const classes = Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? 1 : 0));
  const outputs = Float32Array.from({ length: 400 }, (_, k) => (k % 2 === 0 ? Math.log(9) : 0));
  expect(temperatureOf(outputs, classes)).toBeCloseTo(1, 4);
  expect(
    temperatureOf(
      outputs.map((x) => 3 * x),
      classes,
    ),
  ).toBeCloseTo(3, 3);
});

it("balanced, what a class's frequency put into its output is taken off", () => {
  expect(balancingShift([90, 10], 0)).toEqual([0, 0]);
  const shift = balancingShift([90, 10], 0.5);
  expect(shift).toEqual([0.5 * Math.log(0.9), 0.5 * Math.log(0.1)]);
  const changed = changeOutputs(Float32Array.of(1, 0, 0, 3), { shift, temperature: 2 });
  expect(changed).toBeAllclose(
    [1, 0, 0, 3].map((x, k) => (x - shift[k % 2]!) / 2),
    1e-6,
  );
});

const targets: ClassTargets = {
  kind: "classes",
  classes: ["neutral", "happy", "sad"],
  values: Int32Array.of(0, 1, -1),
  votes: Float32Array.of(8, 0, 0, 0, 0, 0, 5, 0, 5),
};

it("single votes are left out before classes are chosen, and shares stay", () => {
  const image = (votes: number[]) => ({ labels: { votes, expression: "sad" } }) as unknown as ProbeImage;
  const images = [image([0, 1, 0, 4, 0, 0, 4, 0]), image([0.25, 0, 0.75, 0, 0, 0, 0, 0])];
  const { votes } = classTargets(images, ["neutral", "happy", "sad"], true);
  expect(Array.from(votes!)).toEqual([0, 0, 0, 0.25, 0, 0.75]);
});

it("votes become shares; without votes the class counts", () => {
  expect([0, 1, 2].map((i) => shareRow(targets, i))).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0.5, 0, 0.5],
  ]);
});

it("the loss of votes is cross-entropy with the shares, mixed and smoothed", () => {
  scope(() => {
    const outputs: Tensor = tensor([
      [0.2, -1, 0.5],
      [1, 0.3, 0],
    ]);
    const logSoftmax = (row: number[]) =>
      row.map((x) => x - Math.log(row.reduce((s, y) => s + Math.exp(y), 0)));
    const logs = [logSoftmax([0.2, -1, 0.5]), logSoftmax([1, 0.3, 0])];
    const expected = (shares: number[][]) =>
      -shares.reduce((sum, row, i) => sum + row.reduce((s, p, c) => s + p * logs[i]![c]!, 0), 0) / 2;
    const loss = lossOf(targets, [0, 1, 2], { loss: "votes", labelSmoothing: 0 });
    expect(loss(outputs, [2, 1]).item()).toBeCloseTo(
      expected([
        [0.5, 0, 0.5],
        [0, 1, 0],
      ]),
      5,
    );
    const mixed = { partners: [1, 0], kept: [0.75, 1] };
    expect(loss(outputs, [2, 1], mixed).item()).toBeCloseTo(
      expected([
        [0.375, 0.25, 0.375],
        [0, 1, 0],
      ]),
      5,
    );
    const smooth = lossOf(targets, [0, 1, 2], { loss: "votes", labelSmoothing: 0.3 });
    const third = 0.1;
    expect(smooth(outputs, [2, 1]).item()).toBeCloseTo(
      expected([
        [0.35 + third, third, 0.35 + third],
        [third, 0.7 + third, third],
      ]),
      5,
    );
  });
});
