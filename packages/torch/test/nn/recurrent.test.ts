import { Generator, liveTensors, manualSeed, nn, randn, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { settledTensors } from "../garbage.ts";

const generator = Generator.seeded(7);

describe.each([
  ["LSTM", nn.LSTM, 4],
  ["GRU", nn.GRU, 3],
] as const)("%s", (name, Kind, gates) => {
  test("has PyTorch's names, shapes and range of first weights", () => {
    const network = new Kind(5, 4, { numLayers: 2, bidirectional: true, generator });
    const state = network.stateDict();
    expect([...state.keys()].slice(0, 8)).toEqual([
      "weight_ih_l0",
      "weight_hh_l0",
      "bias_ih_l0",
      "bias_hh_l0",
      "weight_ih_l0_reverse",
      "weight_hh_l0_reverse",
      "bias_ih_l0_reverse",
      "bias_hh_l0_reverse",
    ]);
    expect(state.get("weight_ih_l0")!.shape).toEqual([gates * 4, 5]);
    expect(state.get("weight_ih_l1_reverse")!.shape).toEqual([gates * 4, 8]);
    for (const tensor of state.values()) expect(tensor.abs().max().item()).toBeLessThan(0.5);
    expect([...new Kind(2, 2, { bias: false }).stateDict().keys()]).toEqual(["weight_ih_l0", "weight_hh_l0"]);
  });

  test("leaves its results alone", () => {
    const network = new Kind(2, 3, { generator });
    const x = randn([4, 1, 2], { generator });
    const before = settledTensors();
    const result = network.call(x);
    expect(liveTensors()).toBe(before + (name === "LSTM" ? 3 : 2));
    expect(result[0].shape).toEqual([4, 1, 3]);
  });

  test("going on from a state is one long sequence", () => {
    const network = new Kind(2, 3, { batchFirst: true, generator }) as nn.LSTM;
    const x = randn([2, 6, 2], { generator });
    const [whole] = network.call(x);
    const [, state] = network.call(x.at([], [0, 4]));
    expect(network.call(x.at([], [4]), state)[0]).toBeAllclose(whole.at([], [4]).contiguous());
  });

  test("drops between layers in training alone", () => {
    const network = new Kind(2, 3, { numLayers: 2, dropout: 0.5, generator });
    const x = randn([4, 1, 2], { generator });
    const call = (seed: number) => {
      manualSeed(seed);
      return network.call(x)[0].tolist();
    };
    expect(call(1)).toEqual(call(1));
    expect(call(1)).not.toEqual(call(2));
    network.eval();
    expect(call(1)).toEqual(call(2));
  });

  test.each<readonly [string, () => unknown, string]>([
    [
      "an input of other features",
      () => new Kind(2, 3).call(zeros([4, 1, 5])),
      `${name}: expected [length, batch, 2] or [length, 2], received float32[4, 1, 5]`,
    ],
    [
      "an input of more dimensions",
      () => new Kind(2, 3, { batchFirst: true }).call(zeros([1, 1, 1, 2])),
      `${name}: expected [batch, length, 2] or [length, 2]`,
    ],
    [
      "a state of another batch",
      () =>
        name === "LSTM"
          ? new nn.LSTM(2, 3).call(zeros([4, 2, 2]), [zeros([1, 1, 3]), zeros([1, 1, 3])])
          : new nn.GRU(2, 3).call(zeros([4, 2, 2]), zeros([1, 1, 3])),
      `${name}: expected a state [1, 2, 3], received float32[1, 1, 3]`,
    ],
    ["no layers", () => new Kind(2, 3, { numLayers: 0 }), `${name}: numLayers: expected a positive integer`],
    [
      "a misspelt option",
      () => new Kind(2, 3, { layers: 2 } as never),
      `${name}: options: expected one of numLayers`,
    ],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
