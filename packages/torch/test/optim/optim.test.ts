import {
  Generator,
  liveTensors,
  nn,
  ones,
  ops,
  optim,
  randn,
  scope,
  type Tensor,
  tensor,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { settledTensors } from "../garbage.ts";

function parameter(values: number[] | number[][]): Tensor {
  return tensor(values, { dtype: "float64", requiresGrad: true });
}

const optimizers = {
  SGD: (p: Tensor[]) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  Adam: (p: Tensor[]) => new optim.Adam(p, { lr: 0.1, weightDecay: 0.01 }),
  AdamW: (p: Tensor[]) => new optim.AdamW(p, { lr: 0.1 }),
  LARS: (p: Tensor[]) => new optim.LARS(p, { lr: 0.05, trustCoefficient: 0.2 }),
};

/** Least squares on fixed data; returns the losses. */
function fit(model: nn.Linear, optimizer: { step(): void; zeroGrad(): void }, steps: number): number[] {
  const x = randn([64, 3], { generator: Generator.seeded(1) });
  const y = x.matmul(tensor([[1], [-2], [3]])).add(0.5);
  return Array.from({ length: steps }, () =>
    scope(() => {
      const loss = ops.mseLoss(model.call(x), y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.item();
    }),
  );
}

describe.each(Object.entries(optimizers))("%s", (_, make) => {
  const model = () => new nn.Linear(3, 1, { generator: Generator.seeded(2) });

  test("fits a line", () => {
    const line = model();
    const losses = fit(line, make(line.parameters()), 200);
    expect(losses.at(-1)!).toBeLessThan(0.02 * losses[0]!);
  });

  test("goes on from a saved state bit for bit", () => {
    const [whole, first] = [model(), model()];
    const undisturbed = fit(whole, make(whole.parameters()), 12);
    const before = make(first.parameters());
    const losses = fit(first, before, 5);
    const second = model();
    second.loadStateDict(first.stateDict());
    const after = make(second.parameters());
    after.loadStateDict(before.stateDict());
    expect([...losses, ...fit(second, after, 7)]).toEqual(undisturbed);
    expect(second.weight.toArray()).toEqual(whole.weight.toArray());
  });

  test("leaves parameters without a gradient alone, and holds nothing but its state", () => {
    const [moved, still] = [parameter([1, 2]), parameter([3])];
    const optimizer = make([moved, still]);
    moved.grad = tensor([1, 1], { dtype: "float64" });
    optimizer.step();
    const before = settledTensors();
    optimizer.step();
    expect(liveTensors()).toBe(before);
    expect(still.toArray()).toEqual([3]);
    expect(moved.toArray()).not.toEqual([1, 2]);
    optimizer.zeroGrad();
    expect(moved.grad).toBeNull();
  });
});

test("LARS against plain loops", () => {
  const settings = { lr: 0.5, momentum: 0.9, weightDecay: 0.1, trustCoefficient: 0.02 };
  const values = [
    [1, -2],
    [0.5, 4],
  ];
  const [matrix, vector] = [parameter(values), parameter([1, 2])];
  const optimizer = new optim.LARS([matrix, vector], settings);
  const expected = {
    matrix: values.flat(),
    vector: [1, 2],
    matrixVelocity: [0, 0, 0, 0],
    vectorVelocity: [0, 0],
  };
  const length = (v: number[]) => Math.hypot(...v);
  for (const gradient of [
    [1, 2, 3, 4],
    [-1, 0, 2, 0.5],
    [0, 0, 0, 0],
  ]) {
    matrix.grad = tensor([gradient.slice(0, 2), gradient.slice(2)], { dtype: "float64" });
    vector.grad = tensor(gradient.slice(0, 2), { dtype: "float64" });
    optimizer.step();
    const decayed = gradient.map((g, i) => g + settings.weightDecay * expected.matrix[i]!);
    const trust = (settings.trustCoefficient * length(expected.matrix)) / length(decayed);
    expected.matrixVelocity = expected.matrixVelocity.map((v, i) => 0.9 * v + trust * decayed[i]!);
    expected.matrix = expected.matrix.map((p, i) => p - 0.5 * expected.matrixVelocity[i]!);
    expected.vectorVelocity = expected.vectorVelocity.map((v, i) => 0.9 * v + gradient[i]!);
    expected.vector = expected.vector.map((p, i) => p - 0.5 * expected.vectorVelocity[i]!);
    expect(matrix).toBeAllclose(expected.matrix);
    expect(vector).toBeAllclose(expected.vector);
  }
});

test("groups have settings of their own, and the learning rate can follow a schedule", () => {
  const [slow, fast] = [parameter([0]), parameter([0])];
  const optimizer = new optim.SGD([{ parameters: [slow] }, { parameters: [fast], lr: 10 }], { lr: 1 });
  slow.grad = tensor([1], { dtype: "float64" });
  fast.grad = tensor([1], { dtype: "float64" });
  optimizer.step();
  expect([slow.item(), fast.item()]).toEqual([-1, -10]);
  optimizer.setLearningRate(0.5);
  optimizer.step();
  expect([slow.item(), fast.item()]).toEqual([-1.5, -10.5]);
});

test("more parameters than one bucket holds are all moved", () => {
  const parameters = Array.from({ length: 40 }, (_, i) => ones([1000 * (i + 1)], { requiresGrad: true }));
  for (const p of parameters) p.grad = ones([p.numel]);
  new optim.SGD(parameters, { lr: 0.25 }).step();
  for (const p of parameters) expect([p.min().item(), p.max().item()]).toEqual([0.75, 0.75]);
});

describe("misuse", () => {
  test.each<[string, () => unknown, string]>([
    ["no parameters", () => new optim.Adam([]), "Adam: parameters: expected at least one, received none"],
    [
      "a tensor without gradients",
      () => new optim.SGD([ones([1])]),
      "SGD: parameters: expected leaves that require gradients",
    ],
    [
      "a result",
      () => new optim.SGD([parameter([1]).mul(2)]),
      "SGD: parameters: expected leaves that require gradients",
    ],
    [
      "a negative rate",
      () => new optim.AdamW([parameter([1])], { lr: -1 }),
      "AdamW: lr: expected a number in [0,",
    ],
    [
      "momentum NaN",
      () => new optim.SGD([parameter([1])], { momentum: Number.NaN }),
      "SGD: momentum: expected a number",
    ],
    [
      "beta of 1",
      () => new optim.Adam([parameter([1])], { beta1: 1 }),
      "Adam: beta1: expected a number in [0,",
    ],
  ])("%s", (_, construct, message) => {
    expect(construct).toThrow(message);
  });

  test("one parameter twice", () => {
    const p = parameter([1]);
    expect(() => new optim.Adam([{ parameters: [p] }, { parameters: [p] }])).toThrow(
      "expected each parameter once",
    );
  });

  test("the state of other parameters", () => {
    const other = new optim.Adam([parameter([1, 2]), parameter([1])]);
    const optimizer = new optim.Adam([parameter([1, 2])]);
    expect(() => optimizer.loadStateDict(other.stateDict())).toThrow("expected 1 parameters, received 2");
    const tensors = new Map([["0.exp_avg", ones([3])]]);
    expect(() => optimizer.loadStateDict({ tensors, steps: [1] })).toThrow(
      "0.exp_avg: expected float64[2], received float32[3]",
    );
  });
});

describe("clipping", () => {
  test("by joint norm: scaled down when longer, untouched when shorter", () => {
    const [a, b] = [parameter([0, 0]), parameter([0])];
    a.grad = tensor([3, 0], { dtype: "float64" });
    b.grad = tensor([4], { dtype: "float64" });
    expect(nn.utils.clipGradNorm_([a, b], 10)!.item()).toBeCloseTo(5, 12);
    expect([a.grad.toArray(), b.grad.toArray()]).toEqual([[3, 0], [4]]);
    nn.utils.clipGradNorm_([a, b], 1);
    expect(a.grad).toBeAllclose([0.6, 0], 1e-6);
    expect(b.grad).toBeAllclose([0.8], 1e-6);
    expect(nn.utils.clipGradNorm_([parameter([1])], 1)).toBeNull();
    expect(() => nn.utils.clipGradNorm_([a], 0)).toThrow(
      "clipGradNorm_: maxNorm: expected a positive number, received 0",
    );
  });

  test("has its former names for one version", () => {
    expect(optim.clipGradNorm).toBe(nn.utils.clipGradNorm_);
    expect(optim.clipGradValue).toBe(nn.utils.clipGradValue_);
  });

  test("by value", () => {
    const p = parameter([0, 0, 0]);
    p.grad = tensor([-3, 0.5, 3], { dtype: "float64" });
    nn.utils.clipGradValue_([p], 1);
    expect(p.grad.toArray()).toEqual([-1, 0.5, 1]);
  });
});
