import { Generator, liveTensors, nn, ones, ops, randn, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { settledTensors } from "../garbage.ts";

const generator = Generator.seeded(3);
const [query, key, value] = [
  randn([2, 3, 4], { generator }),
  randn([2, 5, 4], { generator }),
  randn([2, 5, 6], { generator }),
];

describe("scaledDotProductAttention", () => {
  test("is the formula, its shapes broadcast over any batch", () => {
    const weights = ops.softmax(ops.matmul(query, key.transpose(1, 2)).div(2), -1);
    expect(ops.scaledDotProductAttention(query, key, value)).toBeAllclose(ops.matmul(weights, value));
    expect(ops.scaledDotProductAttention(query.unsqueeze(0), key, value).shape).toEqual([1, 2, 3, 6]);
  });

  test("scale 0 is the mean", () => {
    const mean = value.mean(1, true).expand(2, 3, 6).contiguous();
    expect(ops.scaledDotProductAttention(query, key, value, { scale: 0 })).toBeAllclose(mean);
  });

  test("of a causal mask and more queries than keys, or fewer", () => {
    const first = ops.scaledDotProductAttention(query, key, value, { isCausal: true }).at([], 0);
    expect(first).toBeAllclose(value.at([], 0));
    const mask = ops.tril(ops.ones([3, 5], { dtype: "bool" }));
    expect(ops.scaledDotProductAttention(query, key, value, { isCausal: true })).toBeAllclose(
      ops.scaledDotProductAttention(query, key, value, { attnMask: mask }),
    );
  });

  test("drops by a generator, as often as told, and keeps the mean", () => {
    const draw = (seed: number) =>
      ops.scaledDotProductAttention(query, key, ones([2, 5, 1]), {
        dropoutP: 0.5,
        generator: Generator.seeded(seed),
      });
    expect(draw(1).tolist()).toEqual(draw(1).tolist());
    expect(draw(1).tolist()).not.toEqual(draw(2).tolist());
    const many = Array.from({ length: 400 }, (_, seed) => draw(seed).mean().item());
    expect(many.reduce((a, b) => a + b) / 400).toBeCloseTo(1, 1);
  });

  test.each([
    [{ attnMask: ones([3, 5]), isCausal: true }, "attnMask: expected none, with isCausal, received both"],
    [{ dropoutP: 1 }, "dropoutP: expected a probability in [0, 1), received 1"],
    [
      { mask: ones([1]) },
      "options: expected one of attnMask, dropoutP, isCausal, scale, generator, received mask",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => ops.scaledDotProductAttention(query, key, value, options as never)).toThrow(
      `scaledDotProductAttention: ${message}`,
    );
  });
});

describe("MultiheadAttention", () => {
  test("begins as PyTorch's: Xavier's weights, biases of 0", () => {
    const attention = new nn.MultiheadAttention(16, 4, { generator });
    expect(attention.inProjWeight!.abs().max().item()).toBeLessThan(Math.sqrt(6 / (4 * 16)));
    expect(attention.inProjBias!.tolist()).toEqual(Array(48).fill(0));
    expect(attention.outProj.bias!.tolist()).toEqual(Array(16).fill(0));
    expect([...attention.stateDict().keys()]).toEqual([
      "in_proj_weight",
      "in_proj_bias",
      "out_proj.weight",
      "out_proj.bias",
    ]);
  });

  test("leaves its results alone", () => {
    const attention = new nn.MultiheadAttention(4, 2, { batchFirst: true, generator });
    const before = settledTensors();
    const results = attention.call(query, query, query, { isCausal: true });
    expect(liveTensors()).toBe(before + 2);
    for (const result of results) result?.dispose();
    const [output, weights] = attention.call(query, query, query, { needWeights: false });
    expect(weights).toBeNull();
    expect(liveTensors()).toBe(before + 1);
    output.dispose();
  });

  test("isCausal is the causal mask", () => {
    const attention = new nn.MultiheadAttention(4, 2, { batchFirst: true, generator });
    const attnMask = ops.triu(ops.ones([3, 3], { dtype: "bool" }), 1);
    const [causal] = attention.call(query, query, query, { isCausal: true });
    const [masked] = attention.call(query, query, query, { attnMask });
    expect(causal).toBeAllclose(masked);
  });

  test("drops in training alone, by its generator", () => {
    const make = () =>
      new nn.MultiheadAttention(4, 2, { dropout: 0.5, batchFirst: true, generator: Generator.seeded(1) });
    const [first, second] = [make(), make()];
    const call = (attention: nn.MultiheadAttention) => attention.call(query, query, query)[0].tolist();
    const once = call(first);
    expect(call(second)).toEqual(once);
    expect(call(first)).not.toEqual(once);
    first.eval();
    expect(call(first)).toEqual(call(first));
  });

  test("combines a padding mask of numbers and a bool mask", () => {
    const attention = new nn.MultiheadAttention(4, 2, { batchFirst: true, generator });
    const keyPaddingMask = tensor([
      [0, 0, Number.NEGATIVE_INFINITY],
      [0, 0, 0],
    ]);
    const [, weights] = attention.call(query, query, query, { keyPaddingMask, isCausal: true });
    expect(weights!.at(0, 2, 2).item()).toBe(0);
    expect(weights!.at(1, 0).tolist()).toEqual([1, 0, 0]);
  });

  test.each<readonly [string, () => unknown, string]>([
    [
      "heads that do not divide",
      () => new nn.MultiheadAttention(4, 3),
      "MultiheadAttention: numHeads: expected a divisor of 4, received 3",
    ],
    [
      "other features",
      () => new nn.MultiheadAttention(8, 2).call(query, query, query),
      "MultiheadAttention: expected [length, batch, 8], received float32[2, 3, 4]",
    ],
    [
      "a batch beside none",
      () => new nn.MultiheadAttention(4, 2).call(query.at(0), query, query),
      "MultiheadAttention: expected [length, 4], received float32[2, 3, 4]",
    ],
    [
      "an unknown option of a call",
      () => new nn.MultiheadAttention(4, 2).call(query, query, query, { mask: query } as never),
      "MultiheadAttention: options: expected one of keyPaddingMask",
    ],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
