import { empty, Generator, nn, type Tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const { init } = nn;

function moments(tensor: Tensor): { mean: number; std: number; largest: number } {
  return { mean: tensor.mean().item(), std: tensor.std().item(), largest: tensor.abs().max().item() };
}

/** Standard errors with n draws are below 1 % here: a wrong fan is off by far more. */
function expectStd(tensor: Tensor, std: number): void {
  const found = moments(tensor);
  expect(Math.abs(found.std / std - 1)).toBeLessThan(0.03);
  expect(Math.abs(found.mean)).toBeLessThan(0.03 * std);
}

describe("initialisations are PyTorch's", () => {
  test("Linear: uniform within 1/√in, weight and bias", () => {
    const layer = new nn.Linear(400, 300, { generator: Generator.seeded(1) });
    expectStd(layer.weight, 1 / 20 / Math.sqrt(3));
    expect(moments(layer.weight).largest).toBeLessThanOrEqual(1 / 20);
    expect(moments(layer.bias!).largest).toBeLessThanOrEqual(1 / 20);
    expect(moments(layer.bias!).largest).toBeGreaterThan(0.9 / 20);
  });

  test("Conv2d: the fan counts the kernel, and the group's share of channels", () => {
    const layer = new nn.Conv2d(64, 128, 3, { groups: 2, generator: Generator.seeded(2) });
    const bound = 1 / Math.sqrt(32 * 9);
    expectStd(layer.weight, bound / Math.sqrt(3));
    expect(moments(layer.bias!).largest).toBeLessThanOrEqual(bound);
  });

  test("kaimingNormal, kaimingUniform, xavierUniform, constant", () => {
    const weight = empty([200, 100, 3, 3]);
    const generator = Generator.seeded(3);
    expect(init.fans(weight)).toEqual({ fanIn: 900, fanOut: 1800 });
    expectStd(init.kaimingNormal_(weight, "fanOut", { generator }), Math.sqrt(2 / 1800));
    expectStd(init.kaimingNormal_(weight, "fanIn", { generator }), Math.sqrt(2 / 900));
    expectStd(init.kaimingUniform_(weight, 0, { generator }), Math.sqrt(2 / 900));
    expectStd(init.xavierUniform_(weight, { generator }), Math.sqrt(2 / 2700));
    expect(init.constant_(weight, 0.5).mean().item()).toBe(0.5);
    expect(() => init.fans(empty([3]))).toThrow("fans: expected [out, in, …], received float32[3]");
  });

  test("the same generator gives the same weights; BatchNorm starts as the identity", () => {
    const draw = () => new nn.Conv2d(3, 4, 3, { generator: Generator.seeded(4) }).weight.toArray();
    expect(draw()).toEqual(draw());
    const norm = new nn.BatchNorm2d(2);
    expect([norm.weight, norm.bias, norm.runningMean, norm.runningVar].map((t) => t.toArray())).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
  });
});
