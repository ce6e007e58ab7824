// What golden/pytorch does not show of the layers it checks: first weights, and what they refuse.
import { Generator, nn, ones, randn, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const generator = Generator.seeded(5);
const labels = (...values: number[]) => tensor(values, { dtype: "int64" });

test("convolutions draw their weights and biases within 1/√(inputs of a unit)", () => {
  for (const layer of [
    new nn.Conv1d(3, 40, 5, { generator }),
    new nn.Conv3d(3, 8, [1, 5, 1], { generator }),
    new nn.ConvTranspose2d(40, 3, [5, 1], { generator }),
  ]) {
    const bound = 1 / Math.sqrt(15);
    for (const values of [layer.weight, layer.bias!])
      expect(values.abs().max().item()).toBeLessThanOrEqual(bound);
    expect(layer.weight.abs().max().item()).toBeGreaterThan(bound / 2);
  }
});

describe("Embedding", () => {
  test("the padding row starts as zeros, stays, and the others are standard normal", () => {
    const table = new nn.Embedding(500, 4, { paddingIdx: -1, generator });
    expect(table.paddingIdx).toBe(499);
    expect(table.weight.at(499).tolist()).toEqual([0, 0, 0, 0]);
    expect(table.weight.at([0, 499]).std().item()).toBeCloseTo(1, 1);
    table.call(labels(499, 3)).sum().backward();
    expect(table.weight.grad!.at(499).tolist()).toEqual([0, 0, 0, 0]);
    expect(table.weight.grad!.at(3).tolist()).toEqual([1, 1, 1, 1]);
  });

  test("of given rows is frozen unless told otherwise", () => {
    const rows = randn([3, 2], { dtype: "float64", generator });
    const frozen = nn.Embedding.fromPretrained(rows);
    expect(frozen.call(labels(2)).tolist()).toEqual([rows.at(2).tolist()]);
    expect(frozen.weight.requiresGrad).toBe(false);
    expect(nn.Embedding.fromPretrained(rows, { freeze: false }).weight.requiresGrad).toBe(true);
    expect(frozen.weight.equal(rows)).toBe(true);
    frozen.weight.fill_(0);
    expect(rows.abs().sum().item()).toBeGreaterThan(0);
  });

  test("refuses a row that is none, and indices that are no integers", () => {
    expect(() => new nn.Embedding(3, 2, { paddingIdx: 3 })).toThrow(
      "Embedding: paddingIdx: expected a row in [-3, 3), received 3",
    );
    expect(() => new nn.Embedding(3, 2).call(labels(3))).toThrow("index out of range");
    expect(() => new nn.Embedding(3, 2).call(ones([1]))).toThrow('`x.to({ dtype: "int64" })`');
  });
});

describe("normalisations", () => {
  test("start as weight 1 and bias 0, or have none", () => {
    const layer = new nn.LayerNorm([2, 3]);
    expect([layer.weight!.sum().item(), layer.bias!.abs().sum().item()]).toEqual([6, 0]);
    expect(new nn.LayerNorm(3, { bias: false }).bias).toBeNull();
    expect(new nn.GroupNorm(1, 4, { affine: false }).parameters()).toEqual([]);
    expect(() => new nn.GroupNorm(3, 4)).toThrow("GroupNorm: numGroups: expected a divisor of 4, received 3");
  });
});

describe("Upsample and interpolate", () => {
  test("one number stands for every dimension; a factor rounds down", () => {
    const image = randn([1, 1, 3, 5], { generator });
    expect(new nn.Upsample({ size: 4 }).call(image).shape).toEqual([1, 1, 4, 4]);
    expect(new nn.Upsample({ scaleFactor: 1.5, mode: "bicubic" }).call(image).shape).toEqual([1, 1, 4, 7]);
  });

  test.each([
    [{}, "interpolate: options: expected size or scaleFactor, received neither"],
    [{ size: 2, scaleFactor: 2 }, "interpolate: options: expected size or scaleFactor, received both"],
    [{ size: [2] }, "interpolate: size: expected a positive number, or 2 of them, received [2]"],
    [{ scaleFactor: 0 }, "interpolate: scaleFactor: expected a positive number, or 2 of them, received 0"],
    [
      { size: 2, mode: "linear" },
      "interpolate: mode: expected nearest, bilinear or bicubic, received linear",
    ],
  ])("%j is refused", (options, message) => {
    expect(() => new nn.Upsample(options as nn.UpsampleOptions).call(ones([1, 1, 2, 2]))).toThrow(message);
  });

  test("sequences and volumes have modes of their own", () => {
    expect(() => new nn.Upsample({ size: 2, mode: "bilinear" }).call(ones([1, 1, 2]))).toThrow(
      "expected nearest or linear, received bilinear",
    );
    expect(() => new nn.Upsample({ size: 2, alignCorners: true }).call(ones([1, 1, 2, 2, 2]))).toThrow(
      "expected trilinear, with alignCorners",
    );
  });
});

describe("losses", () => {
  test("weights are part of the state by PyTorch's names, and move with the module", () => {
    const loss = new nn.BCEWithLogitsLoss({ weight: ones([2]), posWeight: ones([2]) }).to({
      dtype: "float64",
    });
    expect([...loss.stateDict()].map(([name, { dtype }]) => [name, dtype])).toEqual([
      ["weight", "float64"],
      ["pos_weight", "float64"],
    ]);
    expect(loss.parameters()).toEqual([]);
  });

  test("refuse a reduction that is none", () => {
    expect(() => new nn.MSELoss({ reduction: "average" as never })).toThrow(
      "MSELoss: reduction: expected none, mean, sum, received average",
    );
    expect(() => new nn.L1Loss({ beta: 1 } as never)).toThrow(
      "L1Loss: options: expected one of reduction, received beta",
    );
  });
});
